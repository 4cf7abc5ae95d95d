import Foundation

/// What a path leads to.
enum FileKind {
    static func isFolder(_ path: String) -> Bool { mode(path) == S_IFDIR }

    static func isFile(_ path: String) -> Bool { mode(path) == S_IFREG }

    private static func mode(_ path: String) -> mode_t? {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & S_IFMT : nil
    }
}
