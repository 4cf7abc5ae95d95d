import Digests
import Foundation
import Subjects

/// How far a pass has come, apart from the latents.
struct PassProgress: Hashable, Sendable {
    var position = CorpusPosition()
    var totals = ExemplarManifest.Totals()
    /// Bytes of `contexts.part` that belong to it.
    var contextBytes = 0

    var numbers: [Int] {
        [
            position.file, position.offset, position.document, totals.documents,
            totals.emptyDocuments, totals.longDocuments, totals.contexts, totals.tokens,
            contextBytes,
        ]
    }

    init() {}

    init(_ numbers: [Int]) {
        position = CorpusPosition(file: numbers[0], offset: numbers[1], document: numbers[2])
        totals.documents = numbers[3]
        totals.emptyDocuments = numbers[4]
        totals.longDocuments = numbers[5]
        totals.contexts = numbers[6]
        totals.tokens = numbers[7]
        contextBytes = numbers[8]
    }
}

/// The state of a pass between two rounds, as a file that is there whole or not at all.
///
/// Magic, the identity's digest, ``PassProgress/numbers``, the background, the state's regions as they
/// lie in memory, and a checksum over all of it.
struct Checkpoint {
    let path: String
    let identity: Digest

    private static let magic = Array("CJEXCHK1".utf8)

    func write(_ progress: PassProgress, _ state: ExemplarState) throws(ExemplarError) {
        let writer = try FileWriter(path: path + ".new")
        var sum = Checksum()
        func put(_ bytes: UnsafeRawBufferPointer) throws(ExemplarError) {
            sum.add(bytes)
            try writer.write(bytes)
        }
        var head = Self.magic + identity.bytes
        for number in progress.numbers { head.append(number: UInt64(number)) }
        head.append(number: UInt64(state.background.count))
        for context in state.background {
            head.append(number: context.key)
            head.append(number: context.chunk)
            head.append(number: context.start)
            head.append(number: context.count)
        }
        head += state.bitmaps
        head.append(contentsOf: repeatElement(0, count: (8 - head.count % 8) % 8))
        let result = head.withUnsafeBytes { bytes in
            Result { () throws(ExemplarError) in try put(bytes) }
        }
        try result.get()
        for region in state.regions { try put(UnsafeRawBufferPointer(region)) }
        var tail: [UInt8] = []
        tail.append(number: sum.value)
        try writer.write(tail)
        try writer.synchronise()
        try FileWriter.rename(path + ".new", to: path)
    }

    /// Reads the state back.
    ///
    /// - Returns: nil if there is no checkpoint.
    func read(into state: ExemplarState) throws(ExemplarError) -> PassProgress? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        let file: MappedFile
        do {
            file = try MappedFile(path: path)
        } catch {
            throw .damaged(path: path, place: "the file", reason: "\(error)")
        }
        defer { withExtendedLifetime(file) {} }
        let view = ByteView(path: path, bytes: file.bytes)
        let whole = try view.part(0, max(0, file.bytes.count - 8), "the checksum")
        var sum = Checksum()
        sum.add(whole.bytes)
        guard try view.number(file.bytes.count - 8, "the checksum") == sum.value else {
            throw .damaged(path: path, place: "the checksum", reason: "it does not fit the bytes")
        }
        let head = try view.part(0, 40, "the head")
        guard head.bytes.elementsEqual(Self.magic + identity.bytes) else {
            throw .damaged(path: path, place: "the head", reason: "it is of another pass")
        }
        var offset = 40
        var numbers: [Int] = []
        for _ in PassProgress().numbers {
            numbers.append(try view.extent(offset, "the progress"))
            offset += 8
        }
        try readBackground(view, &offset, into: state)
        for region in state.regions {
            let part = try view.part(offset, region.count, "the latents")
            region.copyMemory(from: part.bytes)
            offset += region.count
        }
        guard offset == whole.bytes.count else {
            throw .damaged(path: path, place: "the end", reason: "there are bytes too many")
        }
        for latent in 0..<state.latentCount {
            let counters = state.counters[latent]
            guard counters.topCount <= state.plan.topCount,
                counters.sampleCount <= state.plan.sampleCapacity,
                counters.cofiringCount <= state.plan.cofiringCount
            else {
                throw .damaged(path: path, place: "latent \(latent)", reason: "too many contexts")
            }
        }
        return PassProgress(numbers)
    }

    private func readBackground(
        _ view: ByteView, _ offset: inout Int, into state: ExemplarState
    ) throws(ExemplarError) {
        let count = try view.extent(offset, "the background")
        offset += 8
        guard count <= state.plan.backgroundCount else {
            throw .damaged(path: path, place: "the background", reason: "too many contexts")
        }
        state.background.removeAll(keepingCapacity: true)
        for _ in 0..<count {
            state.background.append(
                .init(
                    key: try view.number(offset, "the background"),
                    chunk: try view.number(offset + 8, "the background"),
                    start: try view.number(offset + 12, "the background"),
                    count: try view.number(offset + 14, "the background")))
            offset += 16
        }
        let bitmaps = try view.part(offset, count * state.bitmapWidth, "the background")
        state.bitmaps = Array(bitmaps.bytes)
        offset += bitmaps.bytes.count
        offset += (8 - offset % 8) % 8
    }
}

/// A fast sum that tells damage, not malice: 64-bit words, mixed.
struct Checksum {
    private(set) var value: UInt64 = 0x9E37_79B9_7F4A_7C15

    /// - Parameter bytes: a multiple of 8, except in the last call.
    mutating func add(_ bytes: UnsafeRawBufferPointer) {
        var sum = value
        let words = bytes.count / 8
        for word in 0..<words {
            let next = bytes.loadUnaligned(fromByteOffset: 8 * word, as: UInt64.self)
            sum = (sum ^ next) &* 0xFF51_AFD7_ED55_8CCD
            sum ^= sum >> 32
        }
        for byte in bytes[(8 * words)...] { sum = (sum ^ UInt64(byte)) &* 0x100_0000_01B3 }
        value = sum
    }
}
