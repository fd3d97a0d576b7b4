namespace Olha.Server.Commands;

/// <summary>A word that a command takes without an option's name before it; it may be left out.</summary>
/// <param name="Name">As the command's usage calls it.</param>
/// <param name="Choices">All that it may be; null: anything.</param>
/// <param name="IsFolder">Whether it is a folder's path.</param>
internal sealed record Operand(string Name, IReadOnlyList<string>? Choices = null, bool IsFolder = false);
