import Digests
import Foundation
import JSON

/// Measures with another instrument, and writes down what came of it before it hands it on.
///
/// The file is a new one, or a recording of the same instrument that is continued.
public struct RecordingTextInstrument: TextInstrument {
    let base: any TextInstrument
    private let file: RecordingFile

    public var name: String { base.name }
    public var identity: Digest { base.identity }
    public var latentCount: Int? { base.latentCount }
    public var batchSize: Int { base.batchSize }

    /// - Throws: ``InstrumentError`` if the file cannot be written, or is another instrument's.
    public init(_ base: any TextInstrument, path: String) throws(InstrumentError) {
        self.base = base
        if FileManager.default.fileExists(atPath: path) {
            let recorded = try RecordedTextInstrument(path: path)
            guard recorded.identity == base.identity else {
                throw .badFile(
                    path: path, place: "line 1",
                    reason:
                        "is a recording of \(recorded.name), not of \(base.name). Name a new file")
            }
        } else {
            let head = Recording.head(of: base).utf8 + [0x0A]
            guard FileManager.default.createFile(atPath: path, contents: Data(head)) else {
                throw .badFile(path: path, place: "", reason: "cannot be made")
            }
        }
        guard let handle = FileHandle(forWritingAtPath: path) else {
            throw .badFile(path: path, place: "", reason: "cannot be written")
        }
        file = RecordingFile(path: path, handle: handle)
    }

    public func plan(for texts: [String], latents: [Int]) async -> MeasurementPlan {
        await base.plan(for: texts, latents: latents)
    }

    public func readings(
        of texts: [String], latents: [Int]
    ) async throws(InstrumentError) -> [TextOutcome] {
        let outcomes = try await base.readings(of: texts, latents: latents)
        try await file.append(
            zip(texts, outcomes).map { Recording.line($0, latents, $1) })
        return outcomes
    }
}

/// Owns the file: lines of concurrent measurements do not mix.
private actor RecordingFile {
    private let path: String
    private let handle: FileHandle

    init(path: String, handle: sending FileHandle) {
        self.path = path
        self.handle = handle
    }

    func append(_ lines: [JSONValue]) throws(InstrumentError) {
        do {
            try handle.seekToEnd()
            try handle.write(contentsOf: lines.flatMap { $0.utf8 + [0x0A] })
        } catch {
            throw .badFile(path: path, place: "", reason: "cannot be written (\(error))")
        }
    }
}
