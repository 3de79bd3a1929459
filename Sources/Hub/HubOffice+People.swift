import HubStore
import Review
import Sync

extension HubOffice {
    /// How long a token enrols: 7 days.
    private static let tokenMilliseconds: Int64 = 7 * 86_400_000

    /// Adds a reviewer, or changes what one may review, and gives them what was waiting for people.
    package func addReviewer(
        _ name: String,
        workflows: [String]?,
        role: String
    ) throws -> Shown {
        guard let role = Reviewer.Role(rawValue: role) else {
            let roles = Reviewer.Role.allCases.map(\.rawValue).joined(separator: ", ")
            throw HubFailure(
                "badRole",
                "there is no role \(role); nothing was changed",
                hint: "the roles are \(roles)",
                kind: .badInput
            )
        }
        let reviewer = Reviewer(name: name, workflows: workflows, role: role)
        try decide { draft in try draft.enlist(reviewer) }
        try decide(inChunks: try store.cases(.understaffed).map(\.key)) { draft, keys in
            draft.look(at: keys)
        }
        return Self.shown(reviewer, load: try store.read(Wanted()).roster.load[name] ?? 0)
    }

    package func listReviewers(_ print: Printing) throws {
        let roster = try store.read(Wanted()).roster
        for reviewer in roster.reviewers {
            try print(Self.shown(reviewer, load: roster.load[reviewer.name] ?? 0))
        }
    }

    private static func shown(_ reviewer: Reviewer, load: Int) -> Shown {
        let workflows = reviewer.workflows?.joined(separator: ", ") ?? "every workflow"
        return Shown(
            [
                "reviewer": .string(reviewer.name), "role": .string(reviewer.role.rawValue),
                "workflows": reviewer.workflows.map { .strings($0) } ?? .null,
                "open": .integer(load),
            ],
            ["\(reviewer.name)  \(reviewer.role.rawValue)  \(workflows)  \(load) to review"]
        )
    }

    /// Every device with what the hub holds of it; a second epoch tells of a copy or a roll-back.
    package func listDevices(_ print: Printing) throws {
        let logs = Dictionary(grouping: try store.logs(), by: \.log.device)
        for device in try store.read(Wanted()).devices.values.sorted(by: { $0.id < $1.id }) {
            try print(Self.shown(device, logs[device.id] ?? []))
        }
    }

    private static func shown(_ device: Device, _ logs: [LogSummary]) -> Shown {
        let forked = logs.map(\.forked).reduce(0, +)
        let entries = logs.map(\.entries).reduce(0, +)
        let copies =
            logs.count > 1 ? "  copied or put back: \(logs.count) epochs, \(forked) forked" : ""
        let revoked = device.revocation?.reason.rawValue
        return Shown(
            [
                "device": .string(device.id), "reviewer": .string(device.reviewer),
                "revoked": revoked.map(JSON.string) ?? .null,
                "name": .string(device.name), "key": .string(Base64URL.encode(device.key)),
                "entries": .integer(entries), "forked": .integer(forked),
                "epochs": .strings(logs.map(\.log.epoch)),
                "lastPushAt": json(logs.map(\.latest).max()),
            ],
            [
                "\(device.id)  \(device.reviewer)  \(device.name)  \(entries) entries\(copies)"
                    + (revoked.map { "  revoked: \($0)" } ?? "")
            ]
        )
    }
}

// MARK: - What lets somebody in

extension HubOffice {
    /// Makes a token for one enrolment; the hub keeps only the hash of its secret.
    package func token(for reviewer: String, url: String?) throws -> String {
        let names = try store.read(Wanted()).roster.reviewers.map(\.name)
        guard names.contains(reviewer) else {
            throw HubFailure(
                .unknownReviewer(reviewer, nearest: nearest(to: reviewer, among: names))
            )
        }
        let secret = random(16)
        try store.keep(
            Credential(
                hash: sha256(secret),
                purpose: .enrolment,
                name: reviewer,
                expires: now().advanced(byMilliseconds: Self.tokenMilliseconds)
            )
        )
        let place = try place(url)
        let token = Token(
            hub: place.url,
            root: sha256(keys.root),
            authority: place.authority,
            secret: secret
        )
        return token.text
    }

    /// Makes an API key for a system that sends cases; the hub keeps only its hash.
    package func addCaller(_ name: String) throws -> String {
        guard CaseName.isName(name) else { throw HubFailure(.badName(name)) }
        let key = "csk1." + Base64URL.encode(random(32))
        try store.keep(
            Credential(hash: sha256(Array(key.utf8)), purpose: .caller, name: name, expires: nil)
        )
        return key
    }

    /// Which caller an API key belongs to.
    func caller(withKey key: String) throws -> String {
        guard let credential = try store.credential(sha256(Array(key.utf8))),
            credential.purpose == .caller
        else {
            throw HubFailure(
                "unknownCaller",
                "this API key is not known here; nothing was changed",
                hint: "make one: `countersign-hub caller add NAME`",
                kind: .unknownCaller
            )
        }
        return credential.name
    }
}
