import Digests
import Testing

@Suite struct SHA256Tests {
    /// FIPS 180-4 example messages and the NIST long message.
    static let vectors: [(message: String, hex: String)] = [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
        (
            "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
                + "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
            "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
        ),
        (
            String(repeating: "a", count: 1_000_000),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
        ),
    ]

    @Test(arguments: vectors.indices) func matchesPublishedVectors(index: Int) {
        let vector = Self.vectors[index]
        #expect(SHA256.digest(of: vector.message).hex == vector.hex)
        #expect(SHA256.digest(of: Array(vector.message.utf8)).hex == vector.hex)
    }

    @Test(arguments: 0..<200) func chunkedEqualsWhole(count: Int) {
        // A plain linear congruence gives the bytes and the cuts.
        var state = UInt64(count) &* 0x9E37_79B9_7F4A_7C15 | 1
        func draw(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(bound))
        }
        let message = (0..<count).map { _ in UInt8(draw(256)) }
        var hasher = SHA256()
        var start = 0
        while start < message.count {
            let end = min(message.count, start + draw(80))
            hasher.update(message[start..<end])
            start = end
        }
        #expect(hasher.finalize() == SHA256.digest(of: message))
    }

    @Test func sequenceWithoutStorageEqualsArray() {
        let bytes = (0..<10_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        #expect(SHA256.digest(of: bytes.lazy.map { $0 }) == SHA256.digest(of: bytes))
        #expect(SHA256.digest(of: AnySequence(bytes)) == SHA256.digest(of: bytes))
    }

    @Test func isAsNew_afterFinalize() {
        var hasher = SHA256()
        hasher.update("first")
        _ = hasher.finalize()
        hasher.update("abc")
        #expect(hasher.finalize() == SHA256.digest(of: "abc"))
    }

    @Test func copiesAreIndependent() {
        var prefix = SHA256()
        prefix.update("ab")
        var other = prefix
        other.update("x")
        prefix.update("c")
        #expect(prefix.finalize() == SHA256.digest(of: "abc"))
        #expect(other.finalize() == SHA256.digest(of: "abx"))
    }
}
