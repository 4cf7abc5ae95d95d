import Inquiry

/// Lets the rule inducer propose, which costs nothing, and asks a language model only where nothing that
/// it proposed has been supported.
struct InducerFirstProposer: TextProposer {
    let model: ConsultingTextProposer
    private let inducer = InducingTextProposer()

    init(model: ConsultingTextProposer) { self.model = model }

    func propose(
        _ state: InquiryState, _ laboratory: TextLaboratory
    ) async throws -> Proposal {
        let proposal = try await inducer.propose(state, laboratory)
        guard proposal.drafts.isEmpty else { return proposal }
        return try await model.propose(state, laboratory)
    }

    func refine(
        parent: HypothesisRecord, attempt: Int, _ state: InquiryState,
        _ laboratory: TextLaboratory
    ) async throws -> Refinement {
        let isExplained = state.records.contains { $0.status == .supported }
        let proposer: any TextProposer = isExplained ? inducer : model
        return try await proposer.refine(
            parent: parent, attempt: attempt, state, laboratory)
    }
}
