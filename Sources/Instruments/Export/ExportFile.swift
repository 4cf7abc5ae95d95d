import Foundation

/// Writes what is exported.
public enum ExportFile {
    /// - Parameter path: folders that are missing are made; a file that is there is replaced.
    public static func write(_ text: String, to path: String) throws(InstrumentError) {
        let file = URL(fileURLWithPath: path)
        do {
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file, options: .atomic)
        } catch {
            throw .badFile(
                path: path, place: "", reason: "cannot be written: \(error.localizedDescription)")
        }
    }
}
