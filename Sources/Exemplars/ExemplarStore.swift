import Digests
import Foundation
import Subjects

/// A finished store, read where it lies: opening costs nothing, a latent costs its own contexts.
///
/// The file is not trusted: whatever its bytes, reading gives contexts or throws.
public struct ExemplarStore: Sendable {
    public let path: String
    public let manifest: ExemplarManifest
    public let totals: ExemplarManifest.Totals
    private let file: MappedFile
    /// In the order of the sections.
    private let sections: [Range<Int>]

    public var latentCount: Int { manifest.identity.latentCount }
    public var plan: ExemplarPlan { manifest.identity.plan }

    /// - Throws: ``ExemplarError`` if there is no store, it is not finished, or its head is damaged.
    public init(path: String) throws(ExemplarError) {
        let folder = StoreFolder(path: path)
        guard let manifest = try folder.manifest() else {
            throw .noStore(path: path, reason: "there is no exemplar store here")
        }
        guard let totals = manifest.totals else {
            throw .noStore(path: path, reason: "the pass is not finished; run it again to go on")
        }
        self.path = folder.file(ExemplarFormat.file)
        self.manifest = manifest
        self.totals = totals
        do {
            file = try MappedFile(path: self.path)
        } catch {
            throw .damaged(path: self.path, place: "the file", reason: "\(error)")
        }
        sections = try Self.sections(
            ByteView(path: self.path, bytes: file.bytes), manifest.identity)
    }

    private var view: ByteView { ByteView(path: path, bytes: file.bytes) }

    private static func sections(
        _ view: ByteView, _ identity: ExemplarManifest.Identity
    ) throws(ExemplarError) -> [Range<Int>] {
        let magic = try view.part(0, 8, "the head").bytes
        guard magic.elementsEqual(ExemplarFormat.magic) else {
            throw .damaged(path: view.path, place: "the head", reason: "it is no exemplar store")
        }
        let counts = [
            try view.extent(8, "the head"), try view.extent(16, "the head"),
        ]
        guard counts == [identity.latentCount, identity.plan.quantileCount] else {
            throw .damaged(
                path: view.path, place: "the head", reason: "the manifest has other counts")
        }
        var result: [Range<Int>] = []
        for section in ExemplarFormat.Section.allCases {
            let place = "section \(section)"
            let offset = try view.extent(24 + 16 * section.rawValue, place)
            let count = try view.extent(32 + 16 * section.rawValue, place)
            let (size, overflow) = count.multipliedReportingOverflow(by: section.stride)
            guard !overflow else {
                throw .damaged(path: view.path, place: place, reason: "it is too large")
            }
            _ = try view.part(offset, size, place)
            result.append(offset..<offset + size)
        }
        return result
    }

    /// Elements of a section.
    private func elements(
        _ section: ExemplarFormat.Section, _ first: Int, _ count: Int
    ) throws(ExemplarError) -> ByteView {
        let place = "section \(section)"
        let range = sections[section.rawValue]
        let limit = range.count / section.stride
        guard first >= 0, count >= 0, first <= limit, count <= limit - first else {
            throw .damaged(
                path: path, place: place,
                reason: "elements \(first) to \(first &+ count) of \(limit)")
        }
        return try view.part(
            range.lowerBound + first * section.stride, count * section.stride, place)
    }

    /// Compares the whole file with the digest in the manifest.
    public func verify() throws(ExemplarError) {
        var hash = SHA256()
        withExtendedLifetime(file) { hash.update(file.bytes) }
        guard hash.finalize() == manifest.content else {
            throw .damaged(
                path: path, place: "the content", reason: "its digest is not the manifest's")
        }
    }

    /// Everything that is kept of a latent.
    ///
    /// - Throws: ``ExemplarError/unknownLatent(_:count:)`` or
    ///   ``ExemplarError/damaged(path:place:reason:)``.
    public func latent(_ latent: Int) throws(ExemplarError) -> LatentExemplars {
        guard latent >= 0, latent < latentCount else {
            throw .unknownLatent(latent, count: latentCount)
        }
        defer { withExtendedLifetime(file) {} }
        let record = try self.record(latent)
        var top: [ExemplarContext] = []
        var samples = [[ExemplarContext]](repeating: [], count: plan.quantileCount)
        for place in 0..<record.topCount + record.sampleCount {
            let (context, quantile) = try entry(record.firstEntry + place)
            if quantile == Int(ExemplarFormat.topMark) {
                top.append(context)
            } else if samples.indices.contains(quantile) {
                samples[quantile].append(context)
            } else {
                throw .damaged(path: path, place: "an entry", reason: "quantile \(quantile)")
            }
        }
        let cuts = try self.cuts(latent)
        return LatentExemplars(
            latent: latent, firingTokens: Int(clamping: record.tokens),
            firingContexts: Int(clamping: record.contexts), tokens: totals.tokens,
            contexts: totals.contexts, maximum: record.maximum, top: top,
            quantiles: samples.enumerated().map { place, contexts in
                .init(from: cuts[place], upTo: cuts[place + 1], contexts: contexts)
            },
            background: try background(latent), histogram: try histogram(record),
            companions: try companions(record), companionTokens: Int(clamping: record.weight))
    }

    private func record(_ latent: Int) throws(ExemplarError) -> ExemplarFormat.LatentRecord {
        let place = "latent \(latent)"
        let record = try ExemplarFormat.LatentRecord(elements(.latents, latent, 1), place)
        guard record.topCount <= plan.topCount, record.sampleCount <= plan.sampleCapacity,
            record.companionCount <= plan.cofiringCount,
            record.lowestBin + record.binCount <= ActivationBins.coarseCount
        else { throw .damaged(path: path, place: place, reason: "counts beyond the plan's") }
        return record
    }

    private func entry(_ number: Int) throws(ExemplarError) -> (ExemplarContext, quantile: Int) {
        let place = "entry \(number)"
        let view = try elements(.entries, number, 1)
        let chunk = Int(try view.number(0, place, as: UInt32.self))
        let start = Int(try view.number(4, place, as: UInt16.self))
        let count = Int(try view.number(6, place, as: UInt16.self))
        let quantile = Int(try view.number(10, place, as: UInt16.self))
        let maximum = try view.float(12, place)
        let fractions = try elements(.fractions, try view.extent(16, place), count)
        var values: [Float] = []
        for token in 0..<count {
            let fraction: UInt16 = try fractions.number(2 * token, place)
            values.append(Self.value(fraction, of: maximum))
        }
        let context = try self.context(chunk, start..<start + count, values, place)
        return (context, quantile)
    }

    static func value(_ fraction: UInt16, of maximum: Float) -> Float {
        switch fraction {
        case 0: 0
        case .max: maximum
        default: Float(Double(fraction) / 65_535 * Double(maximum))
        }
    }

    private func context(
        _ number: Int, _ window: Range<Int>, _ values: [Float], _ place: String
    ) throws(ExemplarError) -> ExemplarContext {
        let offsets = try elements(.contextOffsets, number, 2)
        let first = try offsets.extent(0, place)
        let last = try offsets.extent(8, place)
        let record = try elements(.contexts, first, last - first)
        return try ContextRecord.read(record, window, values: values, place)
    }

    private func cuts(_ latent: Int) throws(ExemplarError) -> [Float] {
        let count = plan.quantileCount + 1
        let view = try elements(.cuts, latent * count, count)
        var cuts: [Float] = []
        for cut in 0..<count { cuts.append(try view.float(4 * cut, "a quantile")) }
        return cuts
    }

    private func histogram(
        _ record: ExemplarFormat.LatentRecord
    ) throws(ExemplarError) -> [LatentExemplars.Bin] {
        let view = try elements(.bins, record.firstBin, record.binCount)
        var bins: [LatentExemplars.Bin] = []
        for place in 0..<record.binCount {
            let bin = (record.lowestBin + place) * ActivationBins.coarseness
            bins.append(
                .init(
                    from: ActivationBins.lowerBound(bin),
                    upTo: ActivationBins.lowerBound(bin + ActivationBins.coarseness),
                    tokens: Int(try view.number(4 * place, "a bin", as: UInt32.self))))
        }
        return bins
    }

    private func companions(
        _ record: ExemplarFormat.LatentRecord
    ) throws(ExemplarError) -> [LatentExemplars.Companion] {
        let view = try elements(.companions, record.firstCompanion, record.companionCount)
        var companions: [LatentExemplars.Companion] = []
        for place in 0..<record.companionCount {
            func number(_ offset: Int) throws(ExemplarError) -> Int {
                Int(try view.number(12 * place + offset, "a companion", as: UInt32.self))
            }
            companions.append(
                .init(latent: try number(0), tokens: try number(4), error: try number(8)))
        }
        return companions
    }

    private func background(_ latent: Int) throws(ExemplarError) -> [ExemplarContext] {
        let count = sections[ExemplarFormat.Section.background.rawValue].count / 8
        let width = (latentCount + 7) / 8
        var contexts: [ExemplarContext] = []
        for number in 0..<count {
            let place = "background \(number)"
            let bitmap = try elements(.bitmaps, number * width + latent / 8, 1)
            guard try bitmap.number(0, place, as: UInt8.self) & (1 << UInt8(latent % 8)) == 0 else {
                continue
            }
            let view = try elements(.background, number, 1)
            let chunk = Int(try view.number(0, place, as: UInt32.self))
            let start = Int(try view.number(4, place, as: UInt16.self))
            let length = Int(try view.number(6, place, as: UInt16.self))
            contexts.append(
                try context(
                    chunk, start..<start + length, Array(repeating: 0, count: length), place))
        }
        return contexts
    }
}
