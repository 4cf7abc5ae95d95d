import Games
import Inquiry
import Texts

extension OthelloLaboratory {
    func request(
        for subject: ApprovalSubject, _ state: InquiryState
    ) async throws -> ApprovalRequest? {
        guard let desk = study.desk else { return nil }
        let usable = study.propose.pool.usable.members
        let request = try desk.request(
            for: subject, of: feature, state,
            histogram: .init(of: usable.lazy.map { view.propose[$0] }))
        return try await desk.planting(beside: request, subject, study.plan, self, knownTruth)
    }

    func draft(
        _ formula: String, editing hypothesis: Int, _ state: InquiryState
    ) async throws -> HypothesisDraft? {
        (try? BoardPredicate.parse(formula, on: rules)).map { draft($0, .person) }
    }
}

extension TextLaboratory {
    func request(
        for subject: ApprovalSubject, _ state: InquiryState
    ) async throws -> ApprovalRequest? {
        guard let desk = study.desk else { return nil }
        let propose = try await readings(of: .propose)
        let request = try desk.request(
            for: subject, of: feature, state,
            histogram: .init(of: propose.usable.members.lazy.map { propose.values[$0] }))
        return try await desk.planting(beside: request, subject, study.plan, self, knownTruth)
    }

    func draft(
        _ formula: String, editing hypothesis: Int, _ state: InquiryState
    ) async throws -> HypothesisDraft? {
        (try? TextRule.parse(formula)).map { draft($0, .person) }
    }
}
