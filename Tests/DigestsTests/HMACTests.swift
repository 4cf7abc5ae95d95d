import Digests
import Testing

/// The vectors of RFC 4231, sections 4.2 to 4.8 (without 4.6, which is cut short).
@Suite struct HMACTests {
    private static let cases: [(key: [UInt8], message: [UInt8], digest: String)] = [
        (
            [UInt8](repeating: 0x0B, count: 20), Array("Hi There".utf8),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        ),
        (
            Array("Jefe".utf8), Array("what do ya want for nothing?".utf8),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        ),
        (
            [UInt8](repeating: 0xAA, count: 20), [UInt8](repeating: 0xDD, count: 50),
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
        ),
        (
            Array(1...25), [UInt8](repeating: 0xCD, count: 50),
            "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"
        ),
        (
            [UInt8](repeating: 0xAA, count: 131),
            Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        ),
    ]

    @Test(arguments: 0..<cases.count) func agreesWithTheStandard(index: Int) {
        let (key, message, digest) = Self.cases[index]
        #expect(SHA256.authentication(of: message, key: key).hex == digest)
    }

    @Test func differs_withTheKeyOrTheMessage() {
        let one = SHA256.authentication(of: "a".utf8, key: "k".utf8)
        #expect(one != SHA256.authentication(of: "b".utf8, key: "k".utf8))
        #expect(one != SHA256.authentication(of: "a".utf8, key: "l".utf8))
    }
}
