import Digests
import Exemplars
import Foundation
import LinearAlgebra
import Subjects

/// Writes a checkpoint: magic, the training's digest, a section for each state, and a digest over all of
/// it. Numbers are little-endian, floats are kept to the last bit.
final class CheckpointWriter {
    private let path: String
    private let writer: FileWriter
    private var hash = SHA256()

    /// The name that the file has until it is whole.
    var partPath: String { path + ".new" }

    init(path: String, _ identity: Digest) throws(DictionaryError) {
        self.path = path
        do {
            writer = try FileWriter(path: path + ".new")
        } catch {
            throw Self.unwritable(error, path)
        }
        try put(CheckpointFile.magic + identity.bytes)
    }

    func put(_ state: TrainerState) throws(DictionaryError) {
        try put(values: [CheckpointFile.sectionMark])
        try put(text: state.kind)
        try put(number: state.tables.count)
        for (name, table) in state.tables.sorted(by: { $0.key < $1.key }) {
            try put(text: name)
            try put(number: table.rows)
            try put(number: table.columns)
            try put(values: table.storage)
        }
        try put(number: state.counters.count)
        for (name, values) in state.counters.sorted(by: { $0.key < $1.key }) {
            try put(text: name)
            try put(number: values.count)
            try put(values: values)
        }
        try put(number: state.numbers.count)
        for (name, values) in state.numbers.sorted(by: { $0.key < $1.key }) {
            try put(text: name)
            try put(number: values.count)
            try put(values: values)
        }
    }

    /// Ends the file, waits for the disk, and gives it its name.
    func finish() throws(DictionaryError) {
        try put(values: [CheckpointFile.endMark])
        let digest = hash.finalize()
        do {
            try writer.write(digest.bytes)
            try writer.synchronise()
            try FileWriter.rename(partPath, to: path)
        } catch {
            throw Self.unwritable(error, path)
        }
    }

    private func put(text: String) throws(DictionaryError) {
        try put(number: text.utf8.count)
        try put(Array(text.utf8))
    }

    private func put(number: Int) throws(DictionaryError) {
        try put(values: [UInt64(number).littleEndian])
    }

    private func put(_ bytes: [UInt8]) throws(DictionaryError) { try put(values: bytes) }

    private func put(values: [some BitwiseCopyable]) throws(DictionaryError) {
        let result = values.withUnsafeBytes { bytes in
            Result { () throws(DictionaryError) in try put(bytes) }
        }
        try result.get()
    }

    private func put(_ bytes: UnsafeRawBufferPointer) throws(DictionaryError) {
        hash.update(bytes)
        do {
            try writer.write(bytes)
        } catch {
            throw Self.unwritable(error, path)
        }
    }

    private static func unwritable(_ error: ExemplarError, _ path: String) -> DictionaryError {
        guard case .unwritable(_, let reason) = error else {
            return .unwritable(path: path, reason: "\(error)")
        }
        return .unwritable(path: path, reason: reason)
    }
}

/// A checkpoint whose bytes are whole, mapped.
struct CheckpointFile {
    static let magic = Array("CJTRCHK1".utf8)
    static let sectionMark: UInt8 = 1
    static let endMark: UInt8 = 0
    static let digestSize = 32

    let path: String
    /// The bytes of the digest of the training that it is of.
    let identity: [UInt8]
    private let file: MappedFile

    /// - Throws: ``DictionaryError/damagedCheckpoint(path:reason:)`` for anything but a whole checkpoint.
    init(path: String) throws(DictionaryError) {
        self.path = path
        do {
            file = try MappedFile(path: path)
        } catch {
            throw .damagedCheckpoint(path: path, reason: "\(error)")
        }
        let bytes = file.bytes
        let head = Self.magic.count + Self.digestSize
        guard bytes.count > head + Self.digestSize,
            bytes.prefix(Self.magic.count).elementsEqual(Self.magic)
        else {
            throw .damagedCheckpoint(path: path, reason: "it is no checkpoint of a training")
        }
        var hash = SHA256()
        hash.update(UnsafeRawBufferPointer(rebasing: bytes[..<(bytes.count - Self.digestSize)]))
        guard bytes.suffix(Self.digestSize).elementsEqual(hash.finalize().bytes) else {
            throw .damagedCheckpoint(
                path: path, reason: "its bytes are not those that were written")
        }
        identity = Array(bytes[Self.magic.count..<head])
    }

    /// The states, one after the other.
    func sections() -> CheckpointReader {
        CheckpointReader(file: file, path: path, place: Self.magic.count + Self.digestSize)
    }
}

/// Reads a checkpoint's states in order; never past its end, whatever the file says.
struct CheckpointReader {
    private let file: MappedFile
    private let path: String
    private var place: Int
    private var end: Int { file.bytes.count - CheckpointFile.digestSize }

    init(file: MappedFile, path: String, place: Int) {
        self.file = file
        self.path = path
        self.place = place
    }

    mutating func next() throws(DictionaryError) -> TrainerState {
        guard try take(1).first == CheckpointFile.sectionMark else { throw flaw }
        var state = TrainerState(kind: try text())
        for _ in 0..<(try count(of: 24)) {
            let name = try text()
            let (rows, columns) = (try count(of: 1), try count(of: 0))
            let (size, overflow) = rows.multipliedReportingOverflow(by: columns)
            guard !overflow, size <= (end - place) / 4 else { throw flaw }
            state.tables[name] = Matrix(
                rows: rows, columns: columns, storage: try values(size, Float.self))
        }
        for _ in 0..<(try count(of: 16)) {
            let name = try text()
            state.counters[name] = try values(try count(of: 8), Int.self)
        }
        for _ in 0..<(try count(of: 16)) {
            let name = try text()
            state.numbers[name] = try values(try count(of: 8), Double.self)
        }
        return state
    }

    private var flaw: DictionaryError {
        .damagedCheckpoint(path: path, reason: "it ends too soon, or says what cannot be")
    }

    private mutating func take(_ count: Int) throws(DictionaryError) -> UnsafeRawBufferPointer {
        guard count >= 0, count <= end - place else { throw flaw }
        defer { place += count }
        return UnsafeRawBufferPointer(rebasing: file.bytes[place..<place + count])
    }

    /// A number of things of so many bytes each, which must be there.
    private mutating func count(of size: Int) throws(DictionaryError) -> Int {
        let value = UInt64(
            littleEndian: try take(8).loadUnaligned(fromByteOffset: 0, as: UInt64.self))
        guard let count = Int(exactly: value), count <= (end - place) / max(1, size) else {
            throw flaw
        }
        return count
    }

    private mutating func text() throws(DictionaryError) -> String {
        String(decoding: try take(try count(of: 1)), as: UTF8.self)
    }

    private mutating func values<Element: BitwiseCopyable>(
        _ count: Int, _ type: Element.Type
    ) throws(DictionaryError) -> [Element] {
        let bytes = try take(count * MemoryLayout<Element>.size)
        return [Element](unsafeUninitializedCapacity: count) { buffer, used in
            UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: buffer[..<count]))
                .copyMemory(from: bytes)
            used = count
        }
    }
}
