using Olha.Proof;

// What proves the promises: docs/evidence/README.md says how.
return await Commands.RunAsync(args);
