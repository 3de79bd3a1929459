// swift-tools-version: 6.2
import PackageDescription

let domain: [Target.Dependency] = ["Review", "Escalation", "Oversight", "Sync"]
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let parser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let withPostgres: TargetDependencyCondition? = .when(traits: ["Postgres"])

let package = Package(
    name: "countersign",
    traits: [.trait(name: "Postgres", description: "The hub can keep its records in PostgreSQL.")],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-asn1", exact: "1.7.4"),
        .package(url: "https://github.com/apple/swift-certificates", exact: "1.21.1"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),

        // Without their default traits: we use neither configuration files nor full Foundation.
        .package(
            url: "https://github.com/hummingbird-project/hummingbird",
            exact: "2.28.1",
            traits: []
        ),
    ],
    targets: [
        // Think: values in, values out.
        .target(name: "Review"),
        .target(name: "Escalation", dependencies: ["Review", "CRE2"]),
        .target(name: "Statistics"),
        .target(name: "Oversight", dependencies: ["Review", "Statistics"]),
        .target(
            name: "Sync",
            dependencies: ["Review", "CZstd"],
            path: "Sync",
            exclude: ["README.md", "Transport"]
        ),

        // What both ends of a bundle share: the one place that encrypts.
        .target(name: "Sealing", dependencies: ["Review", "Sync", crypto]),

        // Touch: each owns one thing outside the process.
        .target(name: "SyncTransport", dependencies: ["CCurl"], path: "Sync/Transport"),
        .target(name: "Storage", dependencies: ["Review", "Sync", crypto, grdb]),
        .target(name: "Replica", dependencies: ["Review", "Sync", "Storage", grdb]),
        .target(name: "HubStore", dependencies: ["Review", "Sync", "Storage", grdb]),
        .target(
            name: "HubStorePostgres",
            dependencies: [
                "Review", "Sync", "HubStore", .target(name: "CPostgres", condition: withPostgres),
            ]
        ),

        // Serve: one reviewer's session; everyone's hub.
        .target(
            name: "Node",
            dependencies: domain + ["Sealing", "Storage", "Replica", crypto]
        ),
        .target(
            name: "Hub",
            dependencies: domain + [
                "Sealing", "Storage", "HubStore", crypto, logging,
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HummingbirdTLS", package: "hummingbird"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "SwiftASN1", package: "swift-asn1"),
                .product(name: "X509", package: "swift-certificates"),
                .product(name: "Yams", package: "Yams"),
            ]
        ),

        // Run: options in, exit code out.
        // One write a line, exit codes, escaping, errors as JSON.
        .target(name: "Console", dependencies: ["Review"]),
        .executableTarget(
            name: "countersign",
            dependencies: ["Node", "Review", "SyncTransport", "Console", parser]
        ),
        .executableTarget(
            name: "countersign-hub",
            dependencies: [
                "Hub", "HubStore", "Console", logging, parser,
                .target(name: "HubStorePostgres", condition: withPostgres),
            ]
        ),

        // C: a module map and a shim each; RE2 is C++ behind a C face.
        .target(
            name: "CRE2",
            linkerSettings: [.linkedLibrary("re2")]
        ),
        .systemLibrary(
            name: "CZstd",
            pkgConfig: "libzstd",
            providers: [.apt(["libzstd-dev"])]
        ),
        .systemLibrary(
            name: "CCurl",
            pkgConfig: "libcurl",
            providers: [.apt(["libcurl4-openssl-dev"])]
        ),
        .systemLibrary(name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),

        // Test.
        .target(name: "TestSupport", dependencies: ["Review", "Sync"], path: "Tests/TestSupport"),
        .target(name: "Simulator", dependencies: domain + ["TestSupport"], path: "Tests/Simulator"),
        .target(
            name: "Decoders",
            dependencies: ["Review", "Escalation", "Sync", "TestSupport"],
            path: "Tests/Fuzz/Decoders"
        ),
        .testTarget(name: "FuzzTests", dependencies: ["Decoders"]),
        .testTarget(
            name: "ReviewTests",
            dependencies: ["Review", "TestSupport"],
            exclude: ["JSONPatchSuite"]  // Read from where it lies.
        ),
        .testTarget(
            name: "EscalationTests",
            dependencies: ["Review", "Escalation", "TestSupport"]
        ),
        .testTarget(name: "StatisticsTests", dependencies: ["Statistics"]),
        .testTarget(
            name: "OversightTests",
            dependencies: ["Review", "Statistics", "Oversight", "TestSupport"]
        ),
        .testTarget(name: "ConsoleTests", dependencies: ["Review", "Console"]),
        .testTarget(name: "SyncTransportTests", dependencies: ["SyncTransport"]),
        .testTarget(
            name: "SealingTests",
            dependencies: ["Review", "Sync", "Sealing", "TestSupport", crypto]
        ),
        .testTarget(
            name: "SyncTests",
            dependencies: ["Review", "Sync", "Simulator", "TestSupport", crypto],
            exclude: ["Vectors"]  // Read from where they lie; `make.py` there makes them.
        ),
        .testTarget(name: "SimulationTests", dependencies: domain + ["Simulator", "TestSupport"]),
        .testTarget(name: "StorageTests", dependencies: ["Review", "Storage", crypto, grdb]),
        .testTarget(
            name: "ReplicaTests",
            dependencies: ["Review", "Sync", "Storage", "Replica", "TestSupport", grdb]
        ),
        .testTarget(
            name: "HubStoreTests",
            dependencies: [
                "Review", "Sync", "Storage", "HubStore", "TestSupport", grdb,
                .target(name: "HubStorePostgres", condition: withPostgres),
            ]
        ),
        .testTarget(
            name: "NodeTests",
            dependencies: domain + [
                "Node", "Replica", "Sealing", "Storage", "TestSupport", crypto, grdb,
            ]
        ),
        .testTarget(
            name: "HubTests",
            dependencies: domain + [
                "Hub", "HubStore", "Sealing", "Storage", "TestSupport", grdb, logging,
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdTesting", package: "hummingbird"),
            ]
        ),
    ],
    cxxLanguageStandard: .cxx17
)

// Benchmarks and long simulations cost nothing until asked for: otherwise they are not compiled.
if Context.environment["COUNTERSIGN_BENCHMARKS"] != nil {
    package.targets += [
        .executableTarget(
            name: "PolicyBenchmark",
            dependencies: ["Review", "Escalation"],
            path: "Tests/Benchmarks/Policies"
        ),
        .executableTarget(
            name: "Simulate",
            dependencies: ["Simulator"],
            path: "Tests/Simulate"
        ),
    ]
}

// Links only with `--sanitize fuzzer`, which brings `main`.
if Context.environment["COUNTERSIGN_FUZZ"] != nil {
    package.targets += [
        .executableTarget(name: "Fuzz", dependencies: ["Decoders"], path: "Tests/Fuzz/Main")
    ]
}

for target in package.targets where target.type != .system {
    target.swiftSettings = [
        .enableUpcomingFeature("ExistentialAny"),  // A box is written `any`.
        .enableUpcomingFeature("InternalImportsByDefault"),  // What we import stays ours.
        .enableUpcomingFeature("MemberImportVisibility"),  // A file imports what it uses.
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),  // Async stays with its caller.
        .enableUpcomingFeature("InferIsolatedConformances"),  // Conformances keep their actor.
        .enableUpcomingFeature("ImmutableWeakCaptures"),  // `weak let`, so closures stay Sendable.
        .treatAllWarnings(as: .error),
    ]
}
