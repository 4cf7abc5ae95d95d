import Instruments

extension MeasuredFeature {
    public init(_ neuron: NeuronRecord) {
        let exemplars = neuron.strongest + neuron.random
        self.init(
            name: neuron.name, index: neuron.neuron,
            texts: exemplars.compactMap(MeasuredText.init))
        unreadable = exemplars.count - texts.count
    }
}

extension [MeasuredFeature] {
    /// Gives each feature the explanations that are meant for it: those that carry its name, or end in
    /// its number if no other feature has that.
    ///
    /// - Parameter source: who says so, where an entry does not tell.
    /// - Returns: how many entries belong to none of the features.
    public mutating func take(_ file: ExplanationFile, source: String) -> Int {
        var places: [String: Int] = [:]
        var numbers: [Int: [Int]] = [:]
        for (place, feature) in enumerated() {
            places[feature.name] = place
            if let index = feature.index { numbers[index, default: []].append(place) }
        }
        var strangers = 0
        for entry in file.entries {
            let numbered = entry.index.flatMap { numbers[$0] }
            guard let place = places[entry.feature] ?? (numbered?.count == 1 ? numbered?[0] : nil)
            else {
                strangers += 1
                continue
            }
            self[place].explanations.append(
                CandidateExplanation(
                    source: entry.source ?? source, label: entry.label,
                    description: entry.description, formula: entry.formula))
        }
        return strangers
    }
}
