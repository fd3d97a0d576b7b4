using Dapper;
using Olha.Server;
using Olha.Server.Configuration;

[module: DapperAot]

var settings = Settings.Read();

return args switch
{
    [] when settings.Problems.Count > 0 => CommandLine.Refuse(settings.Problems),
    [] => await Launch.RunAsync(settings.Options),
    _ => await CommandLine.RunAsync(args, settings),
};
