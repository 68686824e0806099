// Runs a scenario and prints the one JSON object that it gives. Node ends with code 13 and not a word when nothing is left to wait for
// and an await has not come back, so that is said here.
export async function tell(name, scenario) {
  let seen;
  process.on("exit", () => {
    if (seen === undefined) {
      process.stderr.write(`'${name}' was not finished when Node ended; open were: [${process.getActiveResourcesInfo()}]\n`);
    }
  });
  seen = await scenario();
  console.log(JSON.stringify(seen));
}
