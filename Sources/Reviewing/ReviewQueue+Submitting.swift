import Digests
import Inquiry
import LinearAlgebra
import Memory

extension ReviewQueue {
    /// Puts a request into the queue. The same question with the same sheet is asked once; with another
    /// sheet it takes the place of the earlier one, and what was decided on that no longer counts.
    ///
    /// - Parameter controls: shares of planted items; which requests get one follows from their names.
    /// - Returns: the item's id.
    @discardableResult
    public func submit(
        _ request: ApprovalRequest, controls: ApprovalPolicy.Controls? = nil
    ) async throws -> String {
        let now = now
        let key = Self.key(run: request.sheet.run, name: request.name)
        return try await store.changeReviews { table in
            let id = try Self.put(request, key: key, in: table, at: now)
            if let truth = request.knownTruth {
                _ = try Self.put(
                    ApprovalRequest(
                        name: request.name, sheet: truth, hidden: request.hidden,
                        rule: request.rule),
                    key: key + "\u{1F}known", control: ReviewControl(kind: .known, of: id),
                    in: table, at: now)
            }
            guard let controls else { return id }
            try Self.plant(controls, beside: id, request, key: key, in: table, at: now)
            return id
        }
    }

    /// Gives out what was decided, once and for all; nil while the item is open. The same answer is given
    /// for ever after.
    ///
    /// - Throws: ``ReviewError/askedOtherwise(_:)`` where it was given for another sheet.
    public func answer(to request: ApprovalRequest, run: String) async throws -> ApprovalAnswer? {
        let now = now
        let key = Self.key(run: run, name: request.name)
        let hash = SHA256.digest(of: try CanonicalJSON.encode(request.sheet)).hex
        return try await store.changeReviews { table in
            guard let found = try table.item(key: key) else {
                throw ReviewError.noSuchItem(request.name)
            }
            var (item, fold) = try Self.fold(of: found.id, in: table)
            guard fold.contentHash == hash else { throw ReviewError.askedOtherwise(request.name) }
            if let applied = fold.applied { return applied }
            if let expiresAt = item.expiresAt, expiresAt <= now, fold.state.isOpen {
                try Self.apply(.expired, by: "", to: &item, &fold, in: table, at: now)
            }
            guard let answer = fold.answer(item: item.id) else { return nil }
            try Self.apply(.applied(answer), by: "", to: &item, &fold, in: table, at: now)
            return answer
        }
    }

    /// Those of a run's questions that nobody has answered yet; reading only.
    func open(run: String, names: [String]) async throws -> [String] {
        let now = now
        return try await store.readReviews { table in
            try names.filter { name in
                guard let item = try table.item(key: Self.key(run: run, name: name)),
                    ReviewState(rawValue: item.state)?.isOpen == true
                else { return false }
                return item.expiresAt.map { $0 > now } ?? true
            }
        }
    }

    /// Closes the planted items of a run that has ended: it asks nothing any more, and they would stand out.
    public func closeControls(run: String) async throws {
        let now = now
        try await store.changeReviews { table in
            let open = try table.numbers(
                ReviewSelection(states: ReviewState.openStates, run: run))
            for (_, id) in open {
                var (item, fold) = try Self.fold(of: id, in: table)
                guard item.isControl else { continue }
                try Self.apply(.expired, by: "", to: &item, &fold, in: table, at: now)
            }
        }
    }

    static func key(run: String, name: String) -> String { "\(run)\u{1F}\(name)" }

    /// - Returns: the item's id.
    private static func put(
        _ request: ApprovalRequest, key: String, control: ReviewControl? = nil,
        in table: ReviewTable, at now: Int64
    ) throws -> String {
        let content = try CanonicalJSON.encode(request.sheet)
        let hidden = try CanonicalJSON.encode(request.hidden)
        let contentHash = SHA256.digest(of: content).hex
        let hiddenHash = SHA256.digest(of: hidden).hex
        let row = ReviewSheetRow(content: content, hidden: hidden)
        if let known = try table.item(key: key) {
            guard known.contentHash != contentHash else { return known.id }
            var (item, fold) = try fold(of: known.id, in: table)
            guard fold.applied == nil else { return known.id }
            try table.revise(
                known.id, claim: headline(request.sheet), contentHash: contentHash, row)
            try apply(
                .revised(.init(contentHash: contentHash, hiddenHash: hiddenHash)), by: "",
                to: &item, &fold, in: table, at: now)
            return known.id
        }
        let id = "\(request.sheet.kind.rawValue.prefix(1))-\(SHA256.digest(of: key).hex.prefix(12))"
        var item = ReviewItemRow(
            id: id, number: try table.nextNumber(), kind: request.sheet.kind.rawValue,
            run: request.sheet.run, inquiry: request.sheet.inquiry, key: key,
            claim: headline(request.sheet), contentHash: contentHash,
            raters: max(1, request.rule.raters), state: ReviewState.pending.rawValue,
            submittedAt: now,
            expiresAt: request.rule.hours.map { now + Int64($0 * 3_600_000) }, appliedAt: nil,
            isControl: control != nil)
        try table.insert(item, row)
        var fold = ReviewFold()
        let submission = ReviewEvent.Submission(
            kind: request.sheet.kind, run: item.run, inquiry: item.inquiry, key: key,
            contentHash: contentHash, hiddenHash: hiddenHash, raters: item.raters,
            expiresAt: item.expiresAt,
            control: control)
        try apply(.submitted(submission), by: "", to: &item, &fold, in: table, at: now)
        return id
    }

    private static let headlineLimit = 200

    private static func headline(_ sheet: ApprovalSheet) -> String {
        sheet.claim.count > headlineLimit
            ? sheet.claim.prefix(headlineLimit - 1) + "…" : sheet.claim
    }

    // MARK: Controls

    private static func plant(
        _ controls: ApprovalPolicy.Controls, beside id: String, _ request: ApprovalRequest,
        key: String, in table: ReviewTable, at now: Int64
    ) throws {
        if isDrawn(key, "duplicate", share: controls.duplicate) {
            _ = try put(
                request, key: key + "\u{1F}duplicate",
                control: ReviewControl(kind: .duplicate, of: id), in: table,
                at: now)
        }
        guard request.sheet.kind.canBeShuffled,
            isDrawn(key, "shuffled", share: controls.shuffled),
            try table.item(key: key + "\u{1F}shuffled") == nil,
            let other = try otherClaim(than: request.sheet, id: id, in: table)
        else { return }
        var sheet = request.sheet
        sheet.claim = other.claim
        sheet.formula = other.formula
        sheet.lineage = other.lineage
        sheet.editable?.text = other.editable?.text ?? other.claim
        _ = try put(
            ApprovalRequest(
                name: request.name, sheet: sheet, hidden: request.hidden, rule: request.rule),
            key: key + "\u{1F}shuffled", control: ReviewControl(kind: .shuffled, of: id), in: table,
            at: now)
    }

    private static func isDrawn(_ key: String, _ what: String, share: Double) -> Bool {
        ApprovalPolicy.draw("\(key) \(what)") < share
    }

    /// The sheet of the same kind and run whose claim differs, drawn by hash.
    private static func otherClaim(
        than sheet: ApprovalSheet, id: String, in table: ReviewTable
    ) throws -> ApprovalSheet? {
        let others = try table.numbers(
            ReviewSelection(kind: sheet.kind.rawValue, run: sheet.run)
        ).filter { $0.id != id }
        guard !others.isEmpty else { return nil }
        let start = Int(SHA256.digest(of: id).prefix64 % UInt64(others.count))
        for step in 0..<min(others.count, 20) {
            let other = others[(start + step) % others.count].id
            guard let row = try table.item(id: other), !row.isControl, row.inquiry != sheet.inquiry
            else { continue }
            let candidate = try Self.sheet(of: other, in: table).sheet
            if candidate.claim != sheet.claim { return candidate }
        }
        return nil
    }
}

extension ApprovalKind {
    /// Whether its evidence does not repeat the claim, so that another one can stand over it.
    fileprivate var canBeShuffled: Bool {
        switch self {
        case .hypothesis, .explanation, .feature: true
        case .tool, .export, .pack: false
        }
    }
}
