import Statistics

func score(_ estimate: Estimate?) -> String {
    estimate.map { Format.number($0.value, digits: 3) } ?? "–"
}

func interval(_ estimate: Estimate?) -> String {
    guard let bounds = estimate?.interval else { return "no interval" }
    return "\(Format.number(bounds.low, digits: 3)) … \(Format.number(bounds.high, digits: 3))"
}

func estimate(_ estimate: Estimate?, signed: Bool = false) -> String {
    guard let estimate else { return "–" }
    let sign = signed && estimate.value > 0 ? "+" : ""
    guard estimate.interval != nil else { return sign + score(estimate) }
    return "\(sign)\(score(estimate)) [\(interval(estimate))]"
}
