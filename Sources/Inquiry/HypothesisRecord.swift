import Statistics

/// The evidence for and against one hypothesis in one arm.
public struct ArmRecord: Codable, Hashable, Sendable {
    /// Bets that the hypothesis is better than the bar.
    public private(set) var support: EProcess
    /// Bets that it is worse.
    public private(set) var refutation: EProcess
    /// Trials registered, measured or not.
    public internal(set) var registered = 0
    /// Trials with a probe that could not be measured; they count for nothing.
    public private(set) var failed = 0

    init(bar: Double) {
        support = EProcess(nullMeanAtMost: bar)
        refutation = EProcess(nullMeanAtLeast: bar)
    }

    /// One trial: the share of its probes whose prediction came true, or nil when one failed.
    mutating func observe(_ share: Double?) {
        guard let share else {
            failed += 1
            return
        }
        support.observe(share)
        refutation.observe(share)
    }
}

/// How often the predictions of probes with one role came true.
public struct RoleCount: Codable, Hashable, Sendable {
    public internal(set) var correct = 0
    public internal(set) var total = 0

    public init() {}

    public mutating func add(_ other: RoleCount) {
        correct += other.correct
        total += other.total
    }

    /// Nil where nothing was counted.
    public var share: Double? { total == 0 ? nil : Double(correct) / Double(total) }
}

/// A hypothesis with everything that was measured about it.
public struct HypothesisRecord: Hashable, Sendable {
    public let hypothesis: Hypothesis
    /// Its share of the inquiry's error budget.
    public let level: Double
    public internal(set) var status: HypothesisStatus
    public internal(set) var designed: ArmRecord
    public internal(set) var natural: ArmRecord
    public internal(set) var roles: [ProbeRole: RoleCount] = [:]
    /// Balanced accuracy on the tune split, once the inquiry has rescored its hypotheses.
    public internal(set) var tuneScore: Double?
    /// What people decided before it was tested; nil while they have not, and where nobody is asked.
    public internal(set) var approval: Approval?

    init(_ hypothesis: Hypothesis, plan: InquiryPlan) {
        self.hypothesis = hypothesis
        level = ErrorBudget(total: plan.errorBudget).level(ofHypothesis: hypothesis.id)
        status = .proposed
        designed = ArmRecord(bar: plan.bar)
        natural = ArmRecord(bar: plan.bar)
    }

    /// Whether people did not let it be tested as it is: it never leads.
    public var isBarred: Bool { approval?.isUnchanged == false }

    /// The e-value for "better than the bar in both arms": the smaller of the two.
    ///
    /// The null is a union (one arm or the other is no better than the bar), and each arm's
    /// e-process dominates the minimum, so no correction for there being two is due.
    public var logEValue: Double {
        min(designed.support.maximumLogValue, natural.support.maximumLogValue)
    }

    var isSupported: Bool {
        designed.support.rejects(at: level) && natural.support.rejects(at: level)
    }

    /// Either arm below the bar refutes, so each gets half of the level.
    var isRefuted: Bool {
        designed.refutation.rejects(at: level / 2) || natural.refutation.rejects(at: level / 2)
    }

    /// The arms that can still change the verdict.
    func openArms(plan: InquiryPlan) -> [Arm] {
        var arms: [Arm] = []
        if !designed.support.rejects(at: level), designed.registered < plan.trialsPerHypothesis {
            arms.append(.designed)
        }
        if !natural.support.rejects(at: level), natural.registered < plan.trialsPerHypothesis {
            arms.append(.natural)
        }
        return arms
    }

    subscript(arm: Arm) -> ArmRecord {
        get { arm == .designed ? designed : natural }
        set {
            switch arm {
            case .designed: designed = newValue
            case .natural: natural = newValue
            }
        }
    }
}
