namespace Olha.Server.Commands;

/// <summary>A word that a command takes without an option's name before it; it may be left out.</summary>
/// <param name="Name">As the command's usage calls it.</param>
/// <param name="Choices">All that it may be; null: anything.</param>
/// <param name="Path">Whether it is a path.</param>
internal sealed record Operand(string Name, IReadOnlyList<string>? Choices = null, OperandPath Path = OperandPath.None);

internal enum OperandPath
{
    None,
    Folder,
    File,
}
