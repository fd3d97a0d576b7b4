using Dapper;
using Olha.Server;
using Olha.Server.Configuration;

[module: DapperAot]

var app = await ChatHost.BuildAsync(new ServerOptions());
await app.RunAsync();
