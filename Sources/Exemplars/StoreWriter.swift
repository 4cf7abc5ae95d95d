import Digests
import Foundation
import Subjects

/// Turns a finished state and the contexts on disk into `exemplars.bin`.
struct StoreWriter {
    let state: ExemplarState
    /// The path of `contexts.part`.
    let part: String
    /// For each latent which of its entries are kept.
    private let choices: [EntryChoice]
    /// The contexts that something refers to, by their numbers in the corpus, ascending.
    private let kept: [UInt32]

    /// Chooses what is kept.
    init(state: ExemplarState, part: String, threads: Int) {
        self.state = state
        self.part = part
        choices = state.choices(threads: threads)
        var wanted = choices.flatMap { choice in
            choice.places.map { state.entries[$0].chunk }
        }
        wanted += state.background.map(\.chunk)
        wanted.sort()
        var kept: [UInt32] = []
        for chunk in wanted where kept.last != chunk { kept.append(chunk) }
        self.kept = kept
    }

    /// - Returns: the digest of the file.
    func write(to path: String) throws(ExemplarError) -> Digest {
        let contexts: MappedFile
        do {
            contexts = try MappedFile(path: part)
        } catch {
            throw .damaged(path: part, place: "the file", reason: "\(error)")
        }
        defer { withExtendedLifetime(contexts) {} }
        let view = ByteView(path: part, bytes: contexts.bytes)
        let records = records()
        let ranges = try self.ranges(view)
        let writer = try FileWriter(path: path + ".new", digests: true)
        try writeHead(writer, records, ranges)
        for record in records { try writer.write(record.bytes) }
        try writer.align()
        try writeEntries(writer)
        try writeFractions(writer)
        try writeCuts(writer)
        try writeBins(writer, records)
        try writeCompanions(writer)
        try writeBackground(writer)
        try writeContexts(writer, view, ranges)
        let digest = try writer.digest()
        try writer.synchronise()
        try FileWriter.rename(path + ".new", to: path)
        guard let digest else { preconditionFailure("a writer without a digest") }
        return digest
    }

    private func records() -> [ExemplarFormat.LatentRecord] {
        var (entry, bin, companion) = (0, 0, 0)
        return (0..<state.latentCount).map { latent in
            let counters = state.counters[latent]
            var record = ExemplarFormat.LatentRecord()
            record.tokens = counters.tokens
            record.contexts = counters.contexts
            record.weight = counters.weight
            record.maximum = counters.maximum
            record.topCount = choices[latent].top.count
            record.sampleCount = choices[latent].samples.count
            record.companionCount = Int(counters.cofiringCount)
            (record.firstEntry, record.firstBin, record.firstCompanion) = (entry, bin, companion)
            let filled = (0..<ActivationBins.coarseCount).filter {
                state.tokenBins[latent * ActivationBins.coarseCount + $0] > 0
            }
            if let low = filled.first, let high = filled.last {
                (record.lowestBin, record.binCount) = (low, high - low + 1)
            }
            entry += record.topCount + record.sampleCount
            bin += record.binCount
            companion += record.companionCount
            return record
        }
    }

    /// Where each kept context lies in `contexts.part`.
    private func ranges(_ view: ByteView) throws(ExemplarError) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        ranges.reserveCapacity(kept.count)
        var (offset, number) = (0, 0)
        for wanted in kept {
            while true {
                let length = try ContextRecord.length(view, at: offset)
                _ = try view.part(offset, length, "a context")
                offset += length
                number += 1
                guard number <= wanted else {
                    ranges.append(offset - length..<offset)
                    break
                }
            }
        }
        return ranges
    }

    /// A context's number in the file, at its number in the corpus.
    private func rank(_ chunk: UInt32) -> UInt32 {
        var (low, high) = (0, kept.count)
        while low < high {
            let middle = (low + high) / 2
            if kept[middle] < chunk { low = middle + 1 } else { high = middle }
        }
        return UInt32(low)
    }

    private func writeHead(
        _ writer: FileWriter, _ records: [ExemplarFormat.LatentRecord], _ contexts: [Range<Int>]
    ) throws(ExemplarError) {
        let entries = records.reduce(0) { $0 + $1.topCount + $1.sampleCount }
        let fractions = choices.reduce(0) { sum, choice in
            sum + choice.places.reduce(0) { $0 + Int(state.entries[$1].count) }
        }
        let counts: [ExemplarFormat.Section: Int] = [
            .latents: records.count, .entries: entries, .fractions: fractions,
            .cuts: state.latentCount * (state.plan.quantileCount + 1),
            .bins: records.reduce(0) { $0 + $1.binCount },
            .companions: records.reduce(0) { $0 + $1.companionCount },
            .background: state.background.count, .bitmaps: state.bitmaps.count,
            .contextOffsets: contexts.count + 1,
            .contexts: contexts.reduce(0) { $0 + $1.count },
        ]
        var head = ExemplarFormat.magic
        head.append(number: UInt64(state.latentCount))
        head.append(number: UInt64(state.plan.quantileCount))
        var offset = ExemplarFormat.headSize
        for section in ExemplarFormat.Section.allCases {
            let count = counts[section] ?? 0
            head.append(number: UInt64(offset))
            head.append(number: UInt64(count))
            offset += (count * section.stride + 7) / 8 * 8
        }
        try writer.write(head)
    }

    private func writeEntries(_ writer: FileWriter) throws(ExemplarError) {
        var fraction = 0
        for choice in choices {
            let marks =
                choice.top.map { _ in ExemplarFormat.topMark }
                + choice.samples.map { UInt16($0.quantile) }
            var bytes: [UInt8] = []
            for (place, mark) in zip(choice.places, marks) {
                let entry = state.entries[place]
                bytes.append(number: rank(entry.chunk))
                for number in [entry.start, entry.count, entry.peak, mark] {
                    bytes.append(number: number)
                }
                bytes.append(number: entry.maximum)
                bytes.append(number: UInt64(fraction))
                fraction += Int(entry.count)
            }
            try writer.write(bytes)
        }
        try writer.align()
    }

    private func writeFractions(_ writer: FileWriter) throws(ExemplarError) {
        for choice in choices {
            var bytes: [UInt8] = []
            for place in choice.places {
                for token in 0..<Int(state.entries[place].count) {
                    bytes.append(number: state.fractions[place * state.fractionStride + token])
                }
            }
            try writer.write(bytes)
        }
        try writer.align()
    }

    private func writeCuts(_ writer: FileWriter) throws(ExemplarError) {
        for choice in choices {
            var bytes: [UInt8] = []
            for cut in choice.cuts {
                bytes.append(number: ActivationBins.lowerBound(cut))
            }
            try writer.write(bytes)
        }
        try writer.align()
    }

    private func writeBins(
        _ writer: FileWriter, _ records: [ExemplarFormat.LatentRecord]
    ) throws(ExemplarError) {
        for (latent, record) in records.enumerated() {
            var bytes: [UInt8] = []
            for bin in record.lowestBin..<record.lowestBin + record.binCount {
                bytes.append(
                    number: state.tokenBins[latent * ActivationBins.coarseCount + bin])
            }
            try writer.write(bytes)
        }
        try writer.align()
    }

    private func writeCompanions(_ writer: FileWriter) throws(ExemplarError) {
        for latent in 0..<state.latentCount {
            let first = latent * state.plan.cofiringCount
            let count = Int(state.counters[latent].cofiringCount)
            let order = (first..<first + count).sorted {
                let (a, b) = (state.companionCounts[$0], state.companionCounts[$1])
                return a == b ? state.companionIDs[$0] < state.companionIDs[$1] : a > b
            }
            var bytes: [UInt8] = []
            for place in order {
                bytes.append(number: state.companionIDs[place])
                bytes.append(number: state.companionCounts[place])
                bytes.append(number: state.companionErrors[place])
            }
            try writer.write(bytes)
        }
        try writer.align()
    }

    private func writeBackground(_ writer: FileWriter) throws(ExemplarError) {
        let order = state.background.indices.sorted {
            state.background[$0].key < state.background[$1].key
        }
        for place in order {
            let context = state.background[place]
            var bytes: [UInt8] = []
            bytes.append(number: rank(context.chunk))
            bytes.append(number: context.start)
            bytes.append(number: context.count)
            try writer.write(bytes)
        }
        try writer.align()
        for place in order {
            let first = place * state.bitmapWidth
            try writer.write(Array(state.bitmaps[first..<first + state.bitmapWidth]))
        }
        try writer.align()
    }

    private func writeContexts(
        _ writer: FileWriter, _ view: ByteView, _ contexts: [Range<Int>]
    ) throws(ExemplarError) {
        var offset = 0
        for range in contexts + [0..<0] {
            var bytes: [UInt8] = []
            bytes.append(number: UInt64(offset))
            try writer.write(bytes)
            offset += range.count
        }
        try writer.align()
        for range in contexts {
            try writer.write(try view.part(range.lowerBound, range.count, "a context").bytes)
        }
        try writer.align()
    }
}
