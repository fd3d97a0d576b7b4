using System.Security.Cryptography;

namespace Olha.Storage.Schema;

/// <summary>128 random bits as 32 hexadecimal digits.</summary>
internal static class RandomValue
{
    public static string New() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
}
