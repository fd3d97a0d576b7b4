using Dapper;
using Olha.Server;
using Olha.Server.Configuration;

[module: DapperAot]

var file = DotEnv.Load(".env");
var reader = new OptionsReader(name => Environment.GetEnvironmentVariable(name) ?? file.GetValueOrDefault(name));
var options = reader.Read();

return args switch
{
    ["--help" or "-h"] => CommandLine.Help(),
    ["--version"] => CommandLine.Version(),
    ["admin", .. var command] => await AdminLine.RunAsync(command, options, reader.Problems),
    [var name, .. var rest] when CommandLine.Find(name) is { } command => await command.RunAsync(rest, options, reader.Problems),
    [not "--health", ..] or [_, _, ..] => CommandLine.Unknown(args),
    _ when reader.Problems.Count > 0 => CommandLine.Refuse(reader.Problems),
    ["--health"] => await CommandLine.HealthAsync(options),
    _ => await Launch.RunAsync(options),
};
