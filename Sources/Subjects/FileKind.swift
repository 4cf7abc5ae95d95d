import Foundation

/// What a path leads to.
enum FileKind {
    static func isFolder(_ path: String) -> Bool { mode(path) == S_IFDIR }

    static func isFile(_ path: String) -> Bool { mode(path) == S_IFREG }

    /// - Throws: ``SubjectError/unreadableFile(path:reason:)`` with the system's reason.
    static func requireExistence(_ path: String) throws(SubjectError) {
        guard access(path, F_OK) == 0 else {
            throw .unreadableFile(path: path, reason: String(cString: strerror(errno)))
        }
    }

    private static func mode(_ path: String) -> mode_t? {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & S_IFMT : nil
    }
}
