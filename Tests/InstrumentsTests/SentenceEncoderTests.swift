import Instruments
import SubjectMaterial
import Testing

@Suite struct SentenceEncoderTests {
    private static let themes = [["red", "blue", "green"], ["run", "walk", "jump"]]

    @Test func textsOfLikeMeaningHaveLikeVectors() async throws {
        let folder = try RandomEncoder.write(themes: Self.themes)
        let encoder = try SentenceEncoder(folder: folder.path, threads: 2)
        let rows = try await encoder.vectors(of: ["red blue", "green red blue", "run walk", ""])
        func likeness(_ a: Int, _ b: Int) -> Float {
            zip(rows.row(a), rows.row(b)).reduce(0) { $0 + $1.0 * $1.1 }
        }
        for row in 0..<4 { #expect(abs(likeness(row, row) - 1) < 1e-5) }
        #expect(likeness(0, 1) > 0.8)
        #expect(likeness(0, 2) < 0.6)
    }

    @Test func aLongTextIsCutToWhatTheModelReads() async throws {
        let folder = try RandomEncoder.write(themes: Self.themes, contextLength: 10)
        let encoder = try SentenceEncoder(folder: folder.path, threads: 1)
        let words = (0..<40).map { Self.themes[$0 % 2][$0 % 3] }
        let rows = try await encoder.vectors(of: [
            words.joined(separator: " "), words.prefix(8).joined(separator: " "),
        ])
        #expect(Array(rows.row(0)) == Array(rows.row(1)))
    }

    @Test func itsIdentityIsThatOfItsFiles() throws {
        let folder = try RandomEncoder.write(themes: Self.themes)
        let same = try RandomEncoder.write(themes: Self.themes)
        let other = try RandomEncoder.write(themes: Self.themes, seed: 2)
        let identities = try [folder, same, other].map {
            try SentenceEncoder(folder: $0.path, threads: 1).identity
        }
        #expect(identities[0] == identities[1])
        #expect(identities[0] != identities[2])
    }

    @Test func refusesAFolderThatIsNoEncoder() throws {
        let folder = try TemporaryFolder()
        #expect(throws: InstrumentError.self) {
            _ = try SentenceEncoder(folder: folder.path, threads: 1)
        }
    }
}
