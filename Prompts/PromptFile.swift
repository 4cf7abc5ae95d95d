import Foundation

/// Reads a text file of a user's.
public enum PromptFile {
    /// - Parameters:
    ///   - label: how messages name it.
    ///   - limit: in bytes.
    /// - Throws: ``PromptError/unreadable(path:reason:)`` or
    ///   ``PromptError/tooLarge(path:byteCount:limit:)``.
    public static func read(
        _ path: String, label: String, limit: Int
    ) throws(PromptError) -> String {
        // A pipe or a device would keep the reader waiting, so its kind is looked at first.
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw .unreadable(path: label, reason: "there is no such file; check the path")
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw .unreadable(path: label, reason: "is no file; put a text file there")
        }
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw .unreadable(path: label, reason: "cannot be read; check its permissions")
        }
        defer { try? file.close() }
        let bytes: Data
        do {
            bytes = try file.read(upToCount: limit + 1) ?? Data()
        } catch {
            throw .unreadable(path: label, reason: "cannot be read: \(error)")
        }
        guard bytes.count <= limit else {
            throw .tooLarge(path: label, byteCount: bytes.count, limit: limit)
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .unreadable(path: label, reason: "is not UTF-8; save it as UTF-8")
        }
        return text
    }
}
