import Foundation

/// A file's bytes, mapped read-only for as long as this object lives.
///
/// Whoever keeps ``bytes`` keeps the object too (`withExtendedLifetime`): a local is released after its
/// last use. The file must not be shortened meanwhile: reading past its new end would end the process.
package final class MappedFile: @unchecked Sendable {
    // Sendable because the mapping is read-only and private, is never moved, and is unmapped only
    // when the last reference is gone.
    package let bytes: UnsafeRawBufferPointer

    package init(path: String) throws(SubjectError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.error(path) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw Self.error(path) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw .unreadableFile(path: path, reason: "not a regular file")
        }
        let count = Int(status.st_size)
        guard count > 0 else {
            bytes = UnsafeRawBufferPointer(start: nil, count: 0)
            return
        }
        guard let start = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0),
            start != MAP_FAILED
        else { throw Self.error(path) }
        bytes = UnsafeRawBufferPointer(start: start, count: count)
    }

    /// Lets the system take back the memory of whole pages in a range; reading them again reads
    /// the file again.
    func release(_ range: Range<Int>) {
        let page = Int(sysconf(Int32(_SC_PAGESIZE)))
        let first = (range.lowerBound + page - 1) / page * page
        let last = range.upperBound / page * page
        guard let start = bytes.baseAddress, last > first else { return }
        madvise(UnsafeMutableRawPointer(mutating: start + first), last - first, MADV_DONTNEED)
    }

    deinit {
        guard let start = bytes.baseAddress else { return }
        munmap(UnsafeMutableRawPointer(mutating: start), bytes.count)
    }

    private static func error(_ path: String) -> SubjectError {
        .unreadableFile(path: path, reason: String(cString: strerror(errno)))
    }
}
