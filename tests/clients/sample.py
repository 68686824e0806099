"""Runs a sample that imports what protoc makes: python3 sample.py DESCRIPTORS SAMPLE ARGUMENTS..."""
import runpy
import sys

import pb2

_, descriptors, sample, *arguments = sys.argv
pb2.install(descriptors)
sys.argv = [sample, *arguments]
runpy.run_path(sample, run_name="__main__")
