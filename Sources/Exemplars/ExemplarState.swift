import LinearAlgebra

/// What a pass holds of every latent, in memory of a fixed size.
///
/// One latent's part depends on the contexts in their order alone; workers share the latents, so that
/// neither threads nor batches change anything.
final class ExemplarState: @unchecked Sendable {
    // Sendable because workers write to the parts of different latents, and everybody else reads only
    // when no worker runs.

    /// What is looked at whenever a latent fires.
    struct Counters {
        /// Tokens and contexts on which the latent fires.
        var tokens: UInt64 = 0
        var contexts: UInt64 = 0
        /// Other latents that fired together with it, summed over its tokens.
        var companions: UInt64 = 0
        /// The sum of weights of the tokens whose companions were counted.
        var weight: UInt64 = 0
        /// The greatest key among the contexts drawn, once there are enough of them.
        var sampleCeiling: UInt64 = .max
        var maximum: Float = 0
        /// The least maximum among the top contexts, once there are enough of them.
        var topFloor: Float = 0
        var topCount: UInt32 = 0
        var sampleCount: UInt32 = 0
        var cofiringCount: UInt32 = 0
        var unused: UInt32 = 0
    }

    /// A context kept for a latent.
    struct Entry {
        /// Of a top context its content's key, of a drawn one its place in the draw.
        var key: UInt64 = 0
        var maximum: Float = 0
        var chunk: UInt32 = 0
        /// The window, in tokens of the chunk, and the maximum's place in the chunk.
        var start: UInt16 = 0
        var count: UInt16 = 0
        var peak: UInt16 = 0
        var unused: UInt16 = 0
    }

    /// A context of the background.
    struct Background: Hashable {
        var key: UInt64
        var chunk: UInt32
        var start: UInt16
        var count: UInt16
    }

    let plan: ExemplarPlan
    let latentCount: Int
    /// Entries for each latent: the top contexts, then those drawn.
    let entriesPerLatent: Int
    let counters: UnsafeMutablePointer<Counters>
    /// Of the contexts' maxima, ``ActivationBins/count`` for each latent.
    let contextBins: UnsafeMutablePointer<UInt32>
    /// Of the tokens' activations, ``ActivationBins/coarseCount`` for each latent.
    let tokenBins: UnsafeMutablePointer<UInt32>
    let entries: UnsafeMutablePointer<Entry>
    /// Each entry's window, as 65,535ths of the entry's maximum; ``fractionStride`` an entry.
    let fractions: UnsafeMutablePointer<UInt16>
    let companionIDs: UnsafeMutablePointer<UInt32>
    let companionCounts: UnsafeMutablePointer<Int32>
    let companionErrors: UnsafeMutablePointer<Int32>
    /// Owned by the thread that runs the pass.
    var background: [Background] = []
    /// A bit for each latent, set where it fires in the window; `bitmapWidth` bytes a context.
    var bitmaps: [UInt8] = []

    var bitmapWidth: Int { (latentCount + 7) / 8 }
    var fractionStride: Int { Self.fractionStride(plan) }

    /// Whole words, so that every region has a multiple of 8 bytes.
    private static func fractionStride(_ plan: ExemplarPlan) -> Int { (plan.window + 3) / 4 * 4 }

    init(plan: ExemplarPlan, latentCount: Int) {
        self.plan = plan
        self.latentCount = latentCount
        entriesPerLatent = plan.topCount + plan.sampleCapacity
        func zeros<T>(_ count: Int, _ zero: T) -> UnsafeMutablePointer<T> {
            let base = UnsafeMutablePointer<T>.allocate(capacity: max(1, count))
            base.initialize(repeating: zero, count: count)
            return base
        }
        let entryCount = latentCount * entriesPerLatent
        counters = zeros(latentCount, Counters())
        contextBins = zeros(latentCount * ActivationBins.count, 0)
        tokenBins = zeros(latentCount * ActivationBins.coarseCount, 0)
        entries = zeros(entryCount, Entry())
        fractions = zeros(entryCount * Self.fractionStride(plan), 0)
        companionIDs = zeros(latentCount * plan.cofiringCount, 0)
        companionCounts = zeros(latentCount * plan.cofiringCount, 0)
        companionErrors = zeros(latentCount * plan.cofiringCount, 0)
        background.reserveCapacity(plan.backgroundCount)
        bitmaps.reserveCapacity(plan.backgroundCount * bitmapWidth)
    }

    deinit {
        counters.deallocate()
        contextBins.deallocate()
        tokenBins.deallocate()
        entries.deallocate()
        fractions.deallocate()
        companionIDs.deallocate()
        companionCounts.deallocate()
        companionErrors.deallocate()
    }

    /// How many bytes a state takes, whatever the corpus.
    static func byteCount(plan: ExemplarPlan, latentCount: Int) -> Int {
        let entry = MemoryLayout<Entry>.stride + 2 * fractionStride(plan)
        let bins = 4 * (ActivationBins.count + ActivationBins.coarseCount)
        let perLatent =
            MemoryLayout<Counters>.stride + bins + 12 * plan.cofiringCount
            + (plan.topCount + plan.sampleCapacity) * entry
        let background = MemoryLayout<Background>.stride + (latentCount + 7) / 8
        return latentCount * perLatent + plan.backgroundCount * background
    }

    /// Everything of fixed size as bytes, for checkpoints.
    var regions: [UnsafeMutableRawBufferPointer] {
        func region<T>(_ base: UnsafeMutablePointer<T>, _ count: Int)
            -> UnsafeMutableRawBufferPointer
        {
            UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(start: base, count: count))
        }
        let entryCount = latentCount * entriesPerLatent
        let companions = latentCount * plan.cofiringCount
        return [
            region(counters, latentCount), region(contextBins, latentCount * ActivationBins.count),
            region(tokenBins, latentCount * ActivationBins.coarseCount),
            region(entries, entryCount), region(fractions, entryCount * fractionStride),
            region(companionIDs, companions), region(companionCounts, companions),
            region(companionErrors, companions),
        ]
    }
}

/// Numbers that look random and depend on what they are made from alone.
enum Draw {
    /// SplitMix64's finish.
    @inline(__always)
    static func mix(_ value: UInt64) -> UInt64 {
        var z = value &+ 0x9E37_79B9_7F4A_7C15
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    @inline(__always)
    static func key(_ seed: UInt64, _ a: UInt64, _ b: UInt64) -> UInt64 {
        mix(mix(seed ^ mix(a)) ^ b)
    }
}
