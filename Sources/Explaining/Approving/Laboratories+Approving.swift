import Games
import Inquiry
import Texts

extension OthelloLaboratory {
    func request(
        for subject: ApprovalSubject, _ state: InquiryState
    ) async throws -> ApprovalRequest? {
        guard let desk = study.desk else { return nil }
        let usable = study.propose.pool.usable.members
        var request = try desk.request(
            for: subject, of: feature, state,
            histogram: .init(of: usable.lazy.map { view.propose[$0] }))
        if let bare = request, desk.plantsTruth(beside: bare),
            let truth = try knownTruth(bare.name)
        {
            request?.knownTruth = try desk.planted(
                like: bare, truth, try await inquiry(into: truth, for: subject, study.plan))
        }
        return request
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
        var request = try desk.request(
            for: subject, of: feature, state,
            histogram: .init(of: propose.usable.members.lazy.map { propose.values[$0] }))
        if let bare = request, desk.plantsTruth(beside: bare),
            let truth = try knownTruth(bare.name)
        {
            request?.knownTruth = try desk.planted(
                like: bare, truth, try await inquiry(into: truth, for: subject, study.plan))
        }
        return request
    }

    func draft(
        _ formula: String, editing hypothesis: Int, _ state: InquiryState
    ) async throws -> HypothesisDraft? {
        (try? TextRule.parse(formula)).map { draft($0, .person) }
    }
}
