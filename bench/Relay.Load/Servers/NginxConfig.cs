using System.Globalization;
using System.Text;

namespace Relay.Load.Servers;

/// <summary>nginx as a plain reverse proxy: connections to the provider are kept, nothing is buffered, nothing is logged.</summary>
internal static class NginxConfig
{
    /// <summary>The file's text.</summary>
    /// <param name="upstreams">The providers.</param>
    /// <param name="ports">Where to listen for each, by name.</param>
    /// <param name="folder">Where its own files go.</param>
    public static string Text(IEnumerable<Upstream> upstreams, IReadOnlyDictionary<string, int> ports, string folder)
    {
        var text = new StringBuilder($$"""
            daemon off;
            worker_processes 2;
            worker_rlimit_nofile 65536;
            pid {{folder}}/nginx.pid;
            error_log {{folder}}/error.log error;
            events { worker_connections 16384; }
            http {
              access_log off;
              tcp_nodelay on;
              keepalive_timeout 300s;
              keepalive_requests 1000000000;
              client_body_temp_path {{folder}}/body;
              proxy_temp_path {{folder}}/proxy;
              fastcgi_temp_path {{folder}}/fastcgi;
              uwsgi_temp_path {{folder}}/uwsgi;
              scgi_temp_path {{folder}}/scgi;

            """);
        foreach (var upstream in upstreams)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $$"""
                  upstream {{upstream.Name}} { server {{upstream.Http.Authority}}; keepalive 512; keepalive_requests 1000000000; }
                  server {
                    listen 127.0.0.1:{{ports[upstream.Name]}} backlog=4096;
                    location / {
                      proxy_pass http://{{upstream.Name}};
                      proxy_http_version 1.1;
                      proxy_set_header Connection "";
                      proxy_buffering off;
                    }
                  }
                """);
        }

        return text.Append('}').AppendLine().ToString();
    }
}
