using Dapper;
using Olha.Server;
using Olha.Server.Configuration;

[module: DapperAot]

var app = ChatHost.Build(new ServerOptions());
await app.RunAsync();
