import Digests
import Foundation
import Subjects

/// Turns a finished state and the contexts on disk into `exemplars.bin`.
struct StoreWriter {
    let state: ExemplarState
    /// The path of `contexts.part`.
    let part: String
    let contextCount: Int
    let threads: Int

    /// Which of a latent's entries are kept, in the order of the file.
    private struct Choice {
        var top: [Int] = []
        var samples: [(entry: Int, quantile: Int)] = []
        var cuts: [Int] = []
    }

    /// - Returns: the digest of the file.
    func write(to path: String) throws(ExemplarError) -> Digest {
        let contexts: MappedFile
        do {
            contexts = try MappedFile(path: part)
        } catch {
            throw .damaged(path: part, place: "the file", reason: "\(error)")
        }
        let view = ByteView(path: part, bytes: contexts.bytes)
        let (records, kept) = layOut()
        let offsets = try self.offsets(view, kept)
        let writer = try FileWriter(path: path + ".new", digests: true)
        try writeHead(writer, records, kept, offsets)
        for record in records { try writer.write(record.bytes) }
        try writer.align()
        try writeEntries(writer, ranks(kept))
        try writeFractions(writer)
        try writeCuts(writer)
        try writeBins(writer, records)
        try writeCompanions(writer)
        try writeBackground(writer, ranks(kept))
        try writeContexts(writer, view, offsets)
        let digest = try writer.digest()
        try writer.synchronise()
        try FileWriter.rename(path + ".new", to: path)
        guard let digest else { preconditionFailure("a writer without a digest") }
        return digest
    }

    private func choose(_ latent: Int) -> Choice {
        let counters = state.counters[latent]
        let first = latent * state.entriesPerLatent
        var choice = Choice()
        choice.top = (first..<first + Int(counters.topCount)).sorted {
            ExemplarState.isBelow(state.entries[$1], state.entries[$0])
        }
        let bins = UnsafeBufferPointer(
            start: state.contextBins + latent * ActivationBins.count, count: ActivationBins.count)
        choice.cuts = ActivationBins.cuts(bins, parts: state.plan.quantileCount)
        let firstSample = first + state.plan.topCount
        let drawn = (firstSample..<firstSample + Int(counters.sampleCount)).sorted {
            state.entries[$0].key < state.entries[$1].key
        }
        for quantile in 0..<state.plan.quantileCount {
            let range = choice.cuts[quantile]..<choice.cuts[quantile + 1]
            let inside = drawn.lazy.filter {
                range.contains(ActivationBins.bin(state.entries[$0].maximum))
            }
            choice.samples += inside.prefix(state.plan.perQuantile).map { ($0, quantile) }
        }
        return choice
    }

    /// The records of all latents, and a flag for each context that something refers to.
    private func layOut() -> (records: [ExemplarFormat.LatentRecord], kept: [Bool]) {
        var records: [ExemplarFormat.LatentRecord] = []
        var kept = [Bool](repeating: false, count: contextCount)
        var (entry, bin, companion) = (0, 0, 0)
        for latent in 0..<state.latentCount {
            let counters = state.counters[latent]
            let choice = choose(latent)
            var record = ExemplarFormat.LatentRecord()
            record.tokens = counters.tokens
            record.contexts = counters.contexts
            record.weight = counters.weight
            record.maximum = counters.maximum
            record.topCount = choice.top.count
            record.sampleCount = choice.samples.count
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
            for place in choice.top + choice.samples.map(\.entry) {
                kept[Int(state.entries[place].chunk)] = true
            }
            records.append(record)
        }
        for context in state.background { kept[Int(context.chunk)] = true }
        return (records, kept)
    }

    /// A kept context's number in the file, at its number in the corpus.
    private func ranks(_ kept: [Bool]) -> [UInt32] {
        var rank: UInt32 = 0
        return kept.map { isKept in
            defer { if isKept { rank += 1 } }
            return rank
        }
    }

    /// Where each kept context lies in `contexts.part`.
    private func offsets(_ view: ByteView, _ kept: [Bool]) throws(ExemplarError) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var offset = 0
        for isKept in kept {
            let length = try ContextRecord.length(view, at: offset)
            _ = try view.part(offset, length, "a context")
            if isKept { ranges.append(offset..<offset + length) }
            offset += length
        }
        return ranges
    }

    private func writeHead(
        _ writer: FileWriter, _ records: [ExemplarFormat.LatentRecord], _ kept: [Bool],
        _ contexts: [Range<Int>]
    ) throws(ExemplarError) {
        let entries = records.reduce(0) { $0 + $1.topCount + $1.sampleCount }
        let fractions = (0..<state.latentCount).reduce(0) { sum, latent in
            sum + places(choose(latent)).reduce(0) { $0 + Int(state.entries[$1].count) }
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

    private func places(_ choice: Choice) -> [Int] { choice.top + choice.samples.map(\.entry) }

    private func writeEntries(_ writer: FileWriter, _ ranks: [UInt32]) throws(ExemplarError) {
        var fraction = 0
        for latent in 0..<state.latentCount {
            let choice = choose(latent)
            let marks =
                choice.top.map { _ in ExemplarFormat.topMark }
                + choice.samples.map { UInt16($0.quantile) }
            var bytes: [UInt8] = []
            for (place, mark) in zip(places(choice), marks) {
                let entry = state.entries[place]
                bytes.append(number: ranks[Int(entry.chunk)])
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
        for latent in 0..<state.latentCount {
            var bytes: [UInt8] = []
            for place in places(choose(latent)) {
                for token in 0..<Int(state.entries[place].count) {
                    bytes.append(number: state.fractions[place * state.fractionStride + token])
                }
            }
            try writer.write(bytes)
        }
        try writer.align()
    }

    private func writeCuts(_ writer: FileWriter) throws(ExemplarError) {
        for latent in 0..<state.latentCount {
            var bytes: [UInt8] = []
            for cut in choose(latent).cuts {
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

    private func writeBackground(_ writer: FileWriter, _ ranks: [UInt32]) throws(ExemplarError) {
        let order = state.background.indices.sorted {
            state.background[$0].key < state.background[$1].key
        }
        for place in order {
            let context = state.background[place]
            var bytes: [UInt8] = []
            bytes.append(number: ranks[Int(context.chunk)])
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
