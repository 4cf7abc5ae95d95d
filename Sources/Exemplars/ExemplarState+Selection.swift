extension ExemplarState {
    /// Where a top context goes, or nil if its content is there already.
    ///
    /// Of equal maxima those earlier in the corpus stay.
    func topPlace(_ latent: Int, _ entry: Entry) -> Int? {
        let first = latent * entriesPerLatent
        let counter = counters + latent
        let count = Int(counter.pointee.topCount)
        for place in first..<first + count where entries[place].key == entry.key { return nil }
        if count < plan.topCount {
            counter.pointee.topCount += 1
            if count + 1 == plan.topCount {
                counter.pointee.topFloor = floor(latent, with: entry, at: first + count)
            }
            return first + count
        }
        var least = first
        for place in first + 1..<first + count where Self.isBelow(entries[place], entries[least]) {
            least = place
        }
        counter.pointee.topFloor = floor(latent, with: entry, at: least)
        return least
    }

    /// The least maximum of a full selection once `entry` lies at `place`.
    private func floor(_ latent: Int, with entry: Entry, at place: Int) -> Float {
        let first = latent * entriesPerLatent
        var least = entry.maximum
        for other in first..<first + plan.topCount where other != place {
            least = min(least, entries[other].maximum)
        }
        return least
    }

    /// The order of top contexts: the greater maximum first, then the earlier in the corpus.
    static func isBelow(_ a: Entry, _ b: Entry) -> Bool {
        a.maximum == b.maximum ? a.chunk > b.chunk : a.maximum < b.maximum
    }

    /// Where a drawn context goes, or nil if its content is there already.
    ///
    /// The contexts of least key are a uniform draw from the different contents.
    func samplePlace(_ latent: Int, _ entry: Entry) -> Int? {
        let first = latent * entriesPerLatent + plan.topCount
        let counter = counters + latent
        let count = Int(counter.pointee.sampleCount)
        for place in first..<first + count where entries[place].key == entry.key { return nil }
        var target = first + count
        if count < plan.sampleCapacity {
            counter.pointee.sampleCount += 1
            guard count + 1 == plan.sampleCapacity else { return target }
        } else {
            target = first
            for place in first + 1..<first + count where entries[place].key > entries[target].key {
                target = place
            }
        }
        var greatest = entry.key
        for place in first..<first + plan.sampleCapacity where place != target {
            greatest = max(greatest, entries[place].key)
        }
        counter.pointee.sampleCeiling = greatest
        return target
    }

    /// Considers each chunk of a batch for the background.
    func drawBackground(_ batch: MeasuredBatch) {
        guard plan.backgroundCount > 0 else { return }
        for chunk in batch.chunks {
            let key = Draw.key(plan.seed, .max, chunk.contentKey)
            var target = background.count
            if target == plan.backgroundCount {
                target = 0
                for place in background.indices where background[place].key > background[target].key
                {
                    target = place
                }
                guard key < background[target].key else { continue }
            }
            guard !background.contains(where: { $0.key == key }) else { continue }
            if target == background.count {
                background.append(.init(key: 0, chunk: 0, start: 0, count: 0))
                bitmaps.append(contentsOf: repeatElement(0, count: bitmapWidth))
            }
            place(chunk, key, at: target, batch)
        }
    }

    private func place(
        _ chunk: MeasuredBatch.Chunk, _ key: UInt64, at target: Int, _ batch: MeasuredBatch
    ) {
        let peak = Int(Draw.mix(key) % UInt64(max(1, chunk.rows.count)))
        let (start, count) = window(round: peak, of: chunk.rows.count)
        background[target] = Background(
            key: key, chunk: chunk.number, start: UInt16(start), count: UInt16(count))
        let bitmap = target * bitmapWidth
        for byte in bitmap..<bitmap + bitmapWidth { bitmaps[byte] = 0 }
        for row in chunk.rows.lowerBound + start..<chunk.rows.lowerBound + start + count {
            for place in batch.starts[row]..<batch.starts[row + 1] {
                let latent = Int(batch.indices[place])
                bitmaps[bitmap + latent / 8] |= 1 << UInt8(latent % 8)
            }
        }
    }
}
