using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Olha.Storage.Moving;

/// <summary>A checksum over the rows of a table, whatever their order: the sum of each row's hash, modulo 2^128.</summary>
/// <remarks>
/// A row's canonical form is, for each column, a byte for its kind and then the value: eight bytes of a number, or a length of four
/// bytes and the bytes of a text (UTF-8) or blob. So no two different rows have the same form. A sum, because with exclusive or two
/// equal rows would cancel each other out.
/// Hot path: once a row on each side. The buffer is reused; nothing is allocated.
/// </remarks>
internal sealed class RowDigest
{
    readonly byte[] _hash = new byte[SHA256.HashSizeInBytes];
    byte[] _form = new byte[1024];
    int _length;
    UInt128 _sum;

    public long Rows { get; private set; }

    /// <summary>32 hexadecimal digits.</summary>
    public string Checksum => _sum.ToString("x32", null);

    public void Null() => Next(1)[0] = 0;

    public void Integer(long value)
    {
        var to = Next(9);
        to[0] = 1;
        BinaryPrimitives.WriteInt64BigEndian(to[1..], value);
    }

    public void Real(double value)
    {
        var to = Next(9);
        to[0] = 2;
        BinaryPrimitives.WriteDoubleBigEndian(to[1..], value);
    }

    public void Text(string value)
    {
        var bytes = Encoding.UTF8.GetByteCount(value);
        var to = Next(5 + bytes);
        to[0] = 3;
        BinaryPrimitives.WriteInt32BigEndian(to[1..], bytes);
        Encoding.UTF8.GetBytes(value, to[5..]);
    }

    public void Bytes(ReadOnlySpan<byte> value)
    {
        var to = Next(5 + value.Length);
        to[0] = 4;
        BinaryPrimitives.WriteInt32BigEndian(to[1..], value.Length);
        value.CopyTo(to[5..]);
    }

    /// <summary>The row is complete.</summary>
    public void EndRow()
    {
        SHA256.HashData(_form.AsSpan(0, _length), _hash);
        _sum = unchecked(_sum + BinaryPrimitives.ReadUInt128BigEndian(_hash));
        _length = 0;
        Rows++;
    }

    Span<byte> Next(int bytes)
    {
        if (_length + bytes > _form.Length) Array.Resize(ref _form, Math.Max(_form.Length * 2, _length + bytes));
        var span = _form.AsSpan(_length, bytes);
        _length += bytes;
        return span;
    }
}
