namespace Olha.Fanout;

/// <summary>Names what can be listened to. The engine gives it no meaning; the product says what a space is.</summary>
public readonly record struct TopicId(byte Space, long Id);
