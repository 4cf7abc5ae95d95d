import LinearAlgebra

extension PlaceTable {
    /// What a set of places already explains, so that further sets are counted beside it.
    struct Coverage: Sendable {
        /// A flag for each item.
        let items: [Bool]
        let tally: Tally
    }

    func coverage(of places: BitSet) -> Coverage {
        var items = Array(repeating: false, count: self.items.count)
        places.forEach { items[Int(itemOfPlace[$0])] = true }
        return Coverage(items: items, tally: tally(places))
    }

    /// The union of what is covered and the places in `a` that are, or are not, in `b`, counted
    /// without making a set: a search asks this tens of thousands of times.
    ///
    /// - Parameter least: new firing items needed.
    /// - Returns: nil with fewer of them; contrast is that of the new items alone.
    func tally(
        _ a: BitSet, _ b: BitSet, negated: Bool, beside covered: Coverage, least: Int
    ) -> (balancedAccuracy: Double, contrast: Double)? {
        let flip: UInt64 = negated ? .max : 0
        var last: Int32 = -1
        var (support, hit, wrong, silentPlaces) = (0, 0.0, 0.0, 0)
        // Firing items come first: what explains too few of them is given up before the rest.
        for index in a.words.indices {
            if index == firingWords, support < least { return nil }
            var rest = a.words[index] & (b.words[index] ^ flip)
            silentPlaces += (rest & silent.words[index]).nonzeroBitCount
            while rest != 0 {
                let owner = itemOfPlace[index << 6 + rest.trailingZeroBitCount]
                rest &= rest &- 1
                guard owner != last else { continue }
                last = owner
                let item = Int(owner)
                guard !covered.items[item] else { continue }
                if item < firingItemCount {
                    support += 1
                    hit += weights[item]
                } else {
                    wrong += weights[item]
                }
            }
        }
        guard support >= least else { return nil }
        let sensitivity = covered.tally.sensitivity + hit
        let falseShare = covered.tally.falseShare + wrong
        return (
            0.5 * sensitivity + 0.5 * (1 - falseShare),
            hit - Double(silentPlaces) / Double(max(1, silentPlaceCount))
        )
    }
}
