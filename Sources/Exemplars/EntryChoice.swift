import Subjects
import Synchronization

/// Which of a latent's entries a store keeps, in the order of the file.
struct EntryChoice: Sendable {
    var top: [Int] = []
    var samples: [(entry: Int, quantile: Int)] = []
    /// The bins at which the quantiles begin, and the end of the last.
    var cuts: [Int] = []

    /// Places in the state's entries.
    var places: [Int] { top + samples.map(\.entry) }

    /// The most bytes that a choice takes, and what else a writer holds for a latent.
    static func byteCount(_ plan: ExemplarPlan) -> Int {
        let sampled = plan.quantileCount * plan.perQuantile
        let arrays = 96 + 8 * plan.topCount + 16 * sampled + 8 * (plan.quantileCount + 1)
        let references = 24 * (plan.topCount + sampled)
        return arrays + references + MemoryLayout<ExemplarFormat.LatentRecord>.stride
    }
}

extension ExemplarState {
    /// What is kept of every latent; made by several threads.
    func choices(threads: Int) -> [EntryChoice] {
        let size = 256
        let count = (latentCount + size - 1) / size
        let parts = Mutex<[Int: [EntryChoice]]>([:])
        inParallel(count, threads: threads) { part in
            let chosen = (part * size..<min(latentCount, (part + 1) * size)).map(choice)
            parts.withLock { $0[part] = chosen }
        }
        let all = parts.withLock { $0 }
        return (0..<count).flatMap { all[$0] ?? [] }
    }

    private func choice(_ latent: Int) -> EntryChoice {
        let first = latent * entriesPerLatent
        var choice = EntryChoice()
        choice.top = (first..<first + Int(counters[latent].topCount)).sorted {
            Self.isBelow(entries[$1], entries[$0])
        }
        let bins = UnsafeBufferPointer(
            start: contextBins + latent * ActivationBins.count, count: ActivationBins.count)
        choice.cuts = ActivationBins.cuts(bins, parts: plan.quantileCount)
        let firstSample = first + plan.topCount
        let drawn = (firstSample..<firstSample + Int(counters[latent].sampleCount)).sorted {
            entries[$0].key < entries[$1].key
        }
        for quantile in 0..<plan.quantileCount {
            let range = choice.cuts[quantile]..<choice.cuts[quantile + 1]
            let inside = drawn.lazy.filter {
                range.contains(ActivationBins.bin(self.entries[$0].maximum))
            }
            choice.samples += inside.prefix(plan.perQuantile).map { ($0, quantile) }
        }
        return choice
    }
}
