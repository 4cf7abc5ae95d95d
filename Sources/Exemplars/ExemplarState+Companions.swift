/// Which latents fire together with a latent, in memory of a fixed size.
///
/// A latent's tokens are sampled ever more thinly as it meets more companions: at level n a token is
/// taken with probability 2⁻ⁿ and counts 2ⁿ, so that the expected count of a pair is its true count
/// and the work for a latent grows with the logarithm of the corpus. The counts are kept by the
/// space-saving algorithm: with m counters and a total weight W of the pairs counted, a counter is
/// too high by at most the error that it states, which is at most W / m, and every companion of
/// weight above W / m has a counter.
///
/// - Source: Metwally, Agrawal and El Abbadi 2005, "Efficient computation of frequent and top-k
///   elements in data streams".
extension ExemplarState {
    /// Pairs of a latent that are all counted before its tokens are sampled; a power of two.
    static let pairsPerLevel = 2048

    /// How thinly the tokens of a latent are sampled that has met so many companions.
    @inline(__always)
    static func level(companions: UInt64) -> UInt64 {
        UInt64(64 - (companions / UInt64(pairsPerLevel)).leadingZeroBitCount)
    }

    @inline(__always)
    func countCompanions(
        of latent: Int, among others: UnsafeBufferPointer<UInt32>, _ position: Int,
        _ chunk: MeasuredBatch.Chunk
    ) {
        let counter = counters + latent
        let level = Self.level(companions: counter.pointee.companions)
        counter.pointee.companions &+= UInt64(others.count - 1)
        if level > 0 {
            let place = UInt64(chunk.number) << 16 | UInt64(position)
            let draw = Draw.key(plan.seed ^ 0xC0F1_21E5, UInt64(latent), place)
            guard draw & ((1 << level) - 1) == 0 else { return }
        }
        counter.pointee.weight &+= 1 << level
        let weight = Int32(truncatingIfNeeded: 1 << min(level, 30))
        for other in others where other != latent { add(Int32(bitPattern: other), weight, latent) }
    }

    /// Counts one companion by space-saving.
    private func add(_ id: Int32, _ weight: Int32, _ latent: Int) {
        let first = latent * plan.cofiringCount
        let used = Int(counters[latent].cofiringCount)
        let ids = UnsafeRawPointer(companionIDs + first)
        let wanted = SIMD16<Int32>(repeating: id)
        var place = 0
        while place < used {
            let same =
                ids.loadUnaligned(fromByteOffset: 4 * place, as: SIMD16<Int32>.self) .== wanted
            if any(same) {
                for lane in 0..<16 where same[lane] && place + lane < used {
                    companionCounts[first + place + lane] =
                        Self.sum(companionCounts[first + place + lane], weight)
                    return
                }
            }
            place += 16
        }
        if used < plan.cofiringCount {
            companionIDs[first + used] = UInt32(bitPattern: id)
            companionCounts[first + used] = weight
            companionErrors[first + used] = 0
            counters[latent].cofiringCount += 1
            return
        }
        let least = leastCounter(first)
        companionErrors[least] = companionCounts[least]
        companionCounts[least] = Self.sum(companionCounts[least], weight)
        companionIDs[least] = UInt32(bitPattern: id)
    }

    @inline(__always)
    private static func sum(_ count: Int32, _ weight: Int32) -> Int32 {
        let (sum, overflow) = count.addingReportingOverflow(weight)
        return overflow ? .max : sum
    }

    /// The first counter of least count; all are in use.
    @inline(__always)
    private func leastCounter(_ first: Int) -> Int {
        let counts = UnsafeRawPointer(companionCounts + first)
        var least = counts.loadUnaligned(as: SIMD16<Int32>.self)
        var place = 16
        while place < plan.cofiringCount {
            let next = counts.loadUnaligned(fromByteOffset: 4 * place, as: SIMD16<Int32>.self)
            least = least.replacing(with: next, where: next .< least)
            place += 16
        }
        let eight = lesser(least.lowHalf, least.highHalf)
        let four = lesser(eight.lowHalf, eight.highHalf)
        let two = lesser(four.lowHalf, four.highHalf)
        let value = Swift.min(two[0], two[1])
        place = first
        while companionCounts[place] != value { place += 1 }
        return place
    }
}

@inline(__always)
private func lesser(_ a: SIMD8<Int32>, _ b: SIMD8<Int32>) -> SIMD8<Int32> {
    a.replacing(with: b, where: b .< a)
}

@inline(__always)
private func lesser(_ a: SIMD4<Int32>, _ b: SIMD4<Int32>) -> SIMD4<Int32> {
    a.replacing(with: b, where: b .< a)
}

@inline(__always)
private func lesser(_ a: SIMD2<Int32>, _ b: SIMD2<Int32>) -> SIMD2<Int32> {
    a.replacing(with: b, where: b .< a)
}
