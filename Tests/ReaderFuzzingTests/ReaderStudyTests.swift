import Foundation
import ReaderFuzzing
import Testing

/// Damaged files for every reader, a small part of what `Benchmarks/fuzz.sh` tries: each is read or
/// refused with a typed error, soon and without much memory.
@Suite(.serialized) struct ReaderStudyTests {
    private static let tests = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().path
    private static let readers = Result { try Readers(tests: tests).all() }

    @Test(.timeLimit(.minutes(3)), arguments: 0..<11)
    func readsOrRefusesDamagedFiles(number: Int) throws {
        let reader = try Self.readers.get()[number]
        let work = FileManager.default.temporaryDirectory
            .appendingPathComponent("fuzz-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: work, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: work) }
        let figures = try ReaderStudy(reader, work: work.path, seed: 2).run(0..<400)
        #expect(figures.accepted > 0 && figures.refused > 0, "\(reader.name): \(figures)")
        #expect(figures.slowestSeconds < 20, "\(reader.name), input \(figures.slowestInput)")
        // Other suites may run meanwhile, so the bound is wider than the study's own.
        #expect(figures.peakGrowth < 400 << 20, "\(reader.name), input \(figures.peakInput)")
    }

    @Test func coversEveryReader() throws {
        #expect(try Self.readers.get().count == 11)
    }

    /// What a number stands for must not change from run to run.
    @Test func damagesInTheSameWay_whenSeedAndNumberAreTheSame() throws {
        let reader = try Self.readers.get()[2]
        let study = ReaderStudy(reader, work: "/", seed: 7)
        #expect(study.input(5) == study.input(5))
        #expect(study.input(5) != study.input(5 + 7))
        #expect(study.input(5) != ReaderStudy(reader, work: "/", seed: 8).input(5))
    }
}
