import Digests
import Foundation
import Subjects

/// Texts in files: one a line in JSONL, or paragraphs of plain text.
///
/// A file whose name ends in `.jsonl` or `.ndjson` has a JSON object a line, whose field ``field`` is a
/// document's text; empty lines are passed over. Any other file is plain UTF-8 text, and its documents
/// are parted by lines without anything but spaces, tabs and carriage returns.
public struct Corpus: Sendable {
    /// The files, in order.
    public let paths: [String]
    /// The field of a JSON line that holds the text.
    public let field: String
    /// Names the files' bytes in order, and the field.
    public let digest: Digest
    /// All files together, in bytes.
    public let byteCount: Int
    let files: [MappedFile]

    /// Maps the files and reads each once for ``digest``.
    ///
    /// - Throws: ``ExemplarError/unreadableCorpus(path:reason:)``.
    public init(paths: [String], field: String = "text") throws(ExemplarError) {
        guard !paths.isEmpty else {
            throw .unreadableCorpus(path: "without files", reason: "there is nothing to read")
        }
        var hash = SHA256()
        hash.update("conjecture.corpus/1 \(field)")
        var files: [MappedFile] = []
        for path in paths {
            do {
                files.append(try MappedFile(path: path))
            } catch {
                throw .unreadableCorpus(path: path, reason: "\(error)")
            }
            let bytes = files[files.count - 1].bytes
            hash.update("\0\(Self.isJSONL(path) ? "jsonl" : "text") \(bytes.count)\0")
            hash.update(bytes)
        }
        self.paths = paths
        self.field = field
        self.files = files
        byteCount = files.reduce(0) { $0 + $1.bytes.count }
        digest = hash.finalize()
    }

    static func isJSONL(_ path: String) -> Bool {
        path.hasSuffix(".jsonl") || path.hasSuffix(".ndjson")
    }
}
