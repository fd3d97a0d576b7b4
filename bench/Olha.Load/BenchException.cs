namespace Olha.Load;

/// <summary>The bench can't go on. The message is for the person who started it.</summary>
public sealed class BenchException(string message) : Exception(message);
