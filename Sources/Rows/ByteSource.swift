import Foundation

/// A stream of bytes.
protocol ByteSource {
    /// What messages call it.
    var name: String { get }

    /// Fills the start of `buffer` with as many bytes as are at hand, at least one; 0 at the end of
    /// the stream.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(RowError) -> Int
}

/// The bytes of a file, a pipe or standard input.
final class FileBytes: ByteSource {
    let name: String
    private let descriptor: Int32
    private let isOwned: Bool

    /// - Throws: ``RowError/unreadable(path:reason:)``.
    init(path: String) throws(RowError) {
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .unreadable(path: path, reason: Self.reason) }
        name = path
        isOwned = true
    }

    /// - Parameter isOwned: whether the descriptor is closed with this object.
    init(descriptor: Int32, name: String, isOwned: Bool) {
        self.descriptor = descriptor
        self.name = name
        self.isOwned = isOwned
    }

    static var standardInput: FileBytes {
        FileBytes(descriptor: STDIN_FILENO, name: "standard input", isOwned: false)
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(RowError) -> Int {
        while true {
            let count = Foundation.read(descriptor, buffer.baseAddress, buffer.count)
            if count >= 0 { return count }
            guard errno == EINTR else { throw .unreadable(path: name, reason: Self.reason) }
        }
    }

    private static var reason: String { String(cString: strerror(errno)) }

    deinit {
        if isOwned { close(descriptor) }
    }
}
