import Subjects

/// One worker's notes on the chunk it is at: for each latent of its share a chain of firings.
private struct Firings {
    struct Link {
        let position: Int32
        /// The firing before, or −1.
        let before: Int32
        let value: Float
    }

    let share: Range<Int>
    /// Each latent's last firing among ``links``, or −1.
    var heads: [Int32]
    /// The latents that fired, in the order in which they first did.
    var touched: [UInt32] = []
    var links: [Link] = []

    init(share: Range<Int>) {
        self.share = share
        heads = Array(repeating: -1, count: share.count)
    }

    mutating func clear() {
        for latent in touched { heads[Int(latent) - share.lowerBound] = -1 }
        touched.removeAll(keepingCapacity: true)
        links.removeAll(keepingCapacity: true)
    }
}

extension ExemplarState {
    /// Takes a batch into account, the latents shared by workers.
    func merge(_ batch: MeasuredBatch, threads: Int) {
        let shareCount = min(latentCount, threads == 1 ? 1 : 8 * threads)
        inParallel(shareCount, threads: threads) { part in
            let share =
                part * latentCount / shareCount..<(part + 1) * latentCount / shareCount
            batch.indices.withUnsafeBufferPointer { indices in
                batch.values.withUnsafeBufferPointer { values in
                    batch.starts.withUnsafeBufferPointer { starts in
                        merge(batch.chunks, starts, indices, values, share)
                    }
                }
            }
        }
    }

    private func merge(
        _ chunks: [MeasuredBatch.Chunk], _ starts: UnsafeBufferPointer<Int>,
        _ indices: UnsafeBufferPointer<UInt32>, _ values: UnsafeBufferPointer<Float>,
        _ share: Range<Int>
    ) {
        var firings = Firings(share: share)
        for chunk in chunks {
            for row in chunk.rows {
                let range = starts[row]..<starts[row + 1]
                let others = UnsafeBufferPointer(rebasing: indices[range])
                var place = Self.first(of: share.lowerBound, in: indices, range)
                while place < range.upperBound, indices[place] < share.upperBound {
                    note(
                        Int(indices[place]), values[place], row - chunk.rows.lowerBound, others,
                        chunk, &firings)
                    place += 1
                }
            }
            for latent in firings.touched { close(Int(latent), chunk, firings) }
            firings.clear()
        }
    }

    /// The first place at or after which a row's latents belong to a share.
    @inline(__always)
    private static func first(
        of latent: Int, in indices: UnsafeBufferPointer<UInt32>, _ range: Range<Int>
    ) -> Int {
        var (low, high) = (range.lowerBound, range.upperBound)
        while low < high {
            let middle = (low + high) / 2
            if indices[middle] < latent { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// One latent fires on one token.
    @inline(__always)
    private func note(
        _ latent: Int, _ value: Float, _ position: Int, _ others: UnsafeBufferPointer<UInt32>,
        _ chunk: MeasuredBatch.Chunk, _ firings: inout Firings
    ) {
        let local = latent - firings.share.lowerBound
        let before = firings.heads[local]
        if before < 0 { firings.touched.append(UInt32(latent)) }
        firings.heads[local] = Int32(firings.links.count)
        firings.links.append(.init(position: Int32(position), before: before, value: value))
        let coarse = ActivationBins.bin(value) / ActivationBins.coarseness
        tokenBins[latent * ActivationBins.coarseCount + coarse] &+= 1
        counters[latent].tokens &+= 1
        countCompanions(of: latent, among: others, position, chunk)
    }

    /// A latent's firings in one chunk are all known.
    private func close(_ latent: Int, _ chunk: MeasuredBatch.Chunk, _ firings: Firings) {
        var link = firings.links[Int(firings.heads[latent - firings.share.lowerBound])]
        var (maximum, peak) = (link.value, link.position)
        while link.before >= 0 {
            link = firings.links[Int(link.before)]
            // Links run backwards: of equal maxima the first token is the peak.
            if link.value >= maximum { (maximum, peak) = (link.value, link.position) }
        }
        let counter = counters + latent
        counter.pointee.contexts &+= 1
        counter.pointee.maximum = max(counter.pointee.maximum, maximum)
        contextBins[latent * ActivationBins.count + ActivationBins.bin(maximum)] &+= 1
        let isTop = maximum > counter.pointee.topFloor
        let key = Draw.key(plan.seed, UInt64(latent), chunk.contentKey)
        guard isTop || key < counter.pointee.sampleCeiling else { return }
        var entry = Entry()
        entry.maximum = maximum
        entry.chunk = chunk.number
        entry.peak = UInt16(peak)
        let (start, count) = window(round: Int(peak), of: chunk.rows.count)
        entry.start = UInt16(start)
        entry.count = UInt16(count)
        if isTop {
            entry.key = chunk.contentKey
            if let place = topPlace(latent, entry) { keep(entry, at: place, latent, firings) }
        }
        if key < counter.pointee.sampleCeiling {
            entry.key = key
            if let place = samplePlace(latent, entry) { keep(entry, at: place, latent, firings) }
        }
    }

    /// The tokens kept round a maximum: three quarters of them before it where there are so many.
    func window(round peak: Int, of count: Int) -> (start: Int, count: Int) {
        guard count > plan.window else { return (0, count) }
        return (max(0, min(peak - plan.window * 3 / 4, count - plan.window)), plan.window)
    }

    /// Writes an entry with the latent's activations in its window.
    private func keep(_ entry: Entry, at place: Int, _ latent: Int, _ firings: Firings) {
        entries[place] = entry
        let window = fractions + place * fractionStride
        window.update(repeating: 0, count: plan.window)
        var next = firings.heads[latent - firings.share.lowerBound]
        while next >= 0 {
            let link = firings.links[Int(next)]
            let offset = Int(link.position) - Int(entry.start)
            if offset >= 0, offset < Int(entry.count) {
                window[offset] = Self.fraction(link.value, of: entry.maximum)
            }
            next = link.before
        }
    }

    /// A value in 65,535ths of a maximum; at least 1, for it fires.
    static func fraction(_ value: Float, of maximum: Float) -> UInt16 {
        guard value < maximum, maximum.isFinite else { return value == maximum ? .max : 1 }
        return UInt16(max(1, (Double(value) / Double(maximum) * 65_535).rounded()))
    }
}
