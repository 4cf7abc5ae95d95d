extension SHA256 {
    /// HMAC-SHA256: what only somebody who has the key can compute of a message.
    ///
    /// - Source: RFC 2104; test vectors in RFC 4231.
    public static func authentication(
        of message: some Sequence<UInt8>, key: some Sequence<UInt8>
    ) -> Digest {
        var key = Array(key)
        if key.count > blockSize { key = digest(of: key).bytes }
        key += [UInt8](repeating: 0, count: blockSize - key.count)
        var inner = SHA256()
        inner.update(key.map { $0 ^ 0x36 })
        inner.update(message)
        var outer = SHA256()
        outer.update(key.map { $0 ^ 0x5C })
        outer.update(inner.finalize().bytes)
        return outer.finalize()
    }
}
