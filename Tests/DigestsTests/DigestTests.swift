import Digests
import Foundation
import Testing

@Suite struct DigestTests {
    let abc = SHA256.digest(of: "abc")

    @Test func bytesHexAndPrefixAgree() {
        #expect(abc.bytes.count == 32)
        #expect(abc.bytes.map { String(format: "%02x", Int($0)) }.joined() == abc.hex)
        #expect(abc.prefix64 == 0xba78_16bf_8f01_cfea)
        #expect("\(abc)" == abc.hex)
    }

    @Test func hexReadsBack_inEitherCase() {
        #expect(Digest(hex: abc.hex) == abc)
        #expect(Digest(hex: abc.hex.uppercased()) == abc)
    }

    @Test(arguments: [
        "", "ab", String(repeating: "g", count: 64), String(repeating: "0", count: 65),
        String(repeating: "0", count: 63) + "é", "0x" + String(repeating: "0", count: 62),
    ])
    func refusesHex_whenNotSixtyFourDigits(text: String) {
        #expect(Digest(hex: text) == nil)
    }

    @Test func orderIsThatOfTheHexText() {
        let digests = (0..<200).map { SHA256.digest(of: "\($0)") }
        #expect(digests.sorted().map(\.hex) == digests.map(\.hex).sorted())
        #expect(!(abc < abc))
    }

    @Test func codesAsHexText() throws {
        #expect(try CanonicalJSON.encode(abc) == "\"\(abc.hex)\"")
        #expect(try CanonicalJSON.decode(Digest.self, from: "\"\(abc.hex)\"") == abc)
        #expect(throws: DecodingError.self) {
            try CanonicalJSON.decode(Digest.self, from: "\"abc\"")
        }
    }
}
