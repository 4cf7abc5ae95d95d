import Digests

/// Measures latents of a subject on texts.
///
/// The contract, which every instrument keeps: one outcome for each text, in the same order; an
/// outcome depends on its text and the instrument's ``identity`` alone, not on the other texts of the
/// call. A text that cannot be measured (too long, empty, refused) is ``TextOutcome/failed(reason:)``;
/// an instrument that is lost (a server that is gone, a quota that is spent) throws, and nothing of
/// that call is to be believed. Special tokens have readings too; maxima leave them out.
///
/// Three kinds: ``TextSubject`` measures in this process, ``NeuronpediaInstrument`` and
/// ``SelfHostedInstrument`` ask a server, ``RecordedTextInstrument`` looks into a recording.
public protocol TextInstrument: Sendable {
    /// What messages and reports call it.
    var name: String { get }
    /// Names everything that decides a reading: weights, hook point, first token, engine version; of
    /// a remote instrument its address, model and source.
    var identity: Digest { get }
    /// How many latents there are, or nil where nobody says.
    var latentCount: Int? { get }
    /// Random directions of the stream that are measured too, as controls: they are asked for by the
    /// numbers after the last latent.
    var directionCount: Int { get }
    /// Texts that are best measured in one call.
    var batchSize: Int { get }

    /// What measuring would take; nothing is sent.
    func plan(for texts: [String], latents: [Int]) async -> MeasurementPlan

    /// - Parameters:
    ///   - texts: what to read, in any number.
    ///   - latents: which latents, each from 0.
    func readings(
        of texts: [String], latents: [Int]
    ) async throws(InstrumentError) -> [TextOutcome]
}

extension TextInstrument {
    public var directionCount: Int { 0 }

    /// Refuses latents that are not there, as far as somebody says how many there are.
    ///
    /// - Throws: ``InstrumentError/unknownLatent(_:count:)``.
    public func check(latents: [Int]) throws(InstrumentError) {
        guard let count = latentCount,
            let wrong = latents.first(where: { !(0..<count + directionCount).contains($0) })
        else { return }
        throw .unknownLatent(wrong, count: count)
    }
}
