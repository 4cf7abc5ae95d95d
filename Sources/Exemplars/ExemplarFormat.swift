/// The bytes of a store, version 1.
///
/// A store is a folder:
///
/// - `manifest.json`: subject, corpus and plan; once the pass is finished also totals and the digest of
///   `exemplars.bin`. It says `"state": "growing"` or `"complete"`.
/// - `exemplars.bin`: everything below. While the pass goes on there are `checkpoint` and
///   `contexts.part` in its place.
///
/// All numbers are little-endian. `exemplars.bin` begins with the magic `CJEXMPL1`, the number of
/// latents and the number of quantiles (u64 each); then for each section, in the order of
/// ``Section``, its offset in bytes and its number of elements (u64 each). Sections begin at multiples
/// of 8.
///
/// | section | an element |
/// |---|---|
/// | latents | 72 bytes, see ``LatentRecord`` |
/// | entries | 24 bytes: context u32, window's start, count and peak u16 each in tokens of the context, quantile u16 (65,535: a top context), maximum f32, place of its first fraction u64 |
/// | fractions | u16: an activation in 65,535ths of its entry's maximum, at least 1 where it fires |
/// | cuts | f32: quantiles + 1 bounds for each latent |
/// | bins | u32: tokens in each bin of the latent's activation histogram, from its first that is not empty |
/// | companions | latent, count, error: u32 each |
/// | background | context u32, window's start and count u16 each |
/// | bitmaps | bytes: for each background window a bit for each latent, set where it fires |
/// | contextOffsets | u64: where each context begins in the section of contexts, and the end |
/// | contexts | bytes, see ``ContextRecord`` |
enum ExemplarFormat {
    static let magic = Array("CJEXMPL1".utf8)
    static let file = "exemplars.bin"
    static let manifest = "manifest.json"
    static let checkpoint = "checkpoint"
    static let part = "contexts.part"
    static let lock = "lock"
    /// Marks an entry as a top context.
    static let topMark: UInt16 = .max
    static let headSize = 24 + 16 * Section.allCases.count

    enum Section: Int, CaseIterable {
        case latents, entries, fractions, cuts, bins, companions, background, bitmaps
        case contextOffsets, contexts

        /// Bytes of an element.
        var stride: Int {
            switch self {
            case .latents: LatentRecord.size
            case .entries: 24
            case .fractions: 2
            case .cuts, .bins: 4
            case .companions: 12
            case .background, .contextOffsets: 8
            case .bitmaps, .contexts: 1
            }
        }
    }

    /// A latent's counts and where its parts lie in the other sections.
    struct LatentRecord {
        static let size = 72
        var tokens: UInt64 = 0
        var contexts: UInt64 = 0
        /// The sum of weights of the tokens whose companions were counted.
        var weight: UInt64 = 0
        var firstEntry = 0
        var firstBin = 0
        var firstCompanion = 0
        var maximum: Float = 0
        var topCount = 0
        var sampleCount = 0
        var companionCount = 0
        /// The histogram's first bin that is not empty, and how many are kept.
        var lowestBin = 0
        var binCount = 0

        var bytes: [UInt8] {
            var bytes: [UInt8] = []
            for number in [tokens, contexts, weight] { bytes.append(number: number) }
            for place in [firstEntry, firstBin, firstCompanion] {
                bytes.append(number: UInt64(place))
            }
            bytes.append(number: maximum)
            for count in [topCount, sampleCount, companionCount, lowestBin, binCount] {
                bytes.append(number: UInt32(count))
            }
            return bytes
        }

        init() {}

        /// - Parameter view: ``size`` bytes.
        init(_ view: ByteView, _ place: String) throws(ExemplarError) {
            tokens = try view.number(0, place)
            contexts = try view.number(8, place)
            weight = try view.number(16, place)
            firstEntry = try view.extent(24, place)
            firstBin = try view.extent(32, place)
            firstCompanion = try view.extent(40, place)
            maximum = try view.float(48, place)
            topCount = Int(try view.number(52, place, as: UInt32.self))
            sampleCount = Int(try view.number(56, place, as: UInt32.self))
            companionCount = Int(try view.number(60, place, as: UInt32.self))
            lowestBin = Int(try view.number(64, place, as: UInt32.self))
            binCount = Int(try view.number(68, place, as: UInt32.self))
        }
    }
}
