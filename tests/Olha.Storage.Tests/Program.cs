using Olha.Storage.Tests;
using Olha.Testing;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]
[assembly: Xunit.AssemblyFixture(typeof(PostgresServer))]

// The tests start this file again as the process that they kill or stop for a while.
if (args is [WritingProcess.Switch, var path]) return await WritingProcess.RunAsync(path);
if (args is [HoldingProcess.Switch, var url]) return await HoldingProcess.RunAsync(url);
if (args.Any(arg => arg is "--server" or "--internal-msbuild-node"))
    return await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions);
return await ConsoleRunner.Run(args);
