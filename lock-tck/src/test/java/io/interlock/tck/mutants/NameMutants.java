// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.mutants;

import io.interlock.DistributedLock;
import io.interlock.HolderInfo;
import io.interlock.LockClient;
import io.interlock.ReleaseOutcome;
import io.interlock.spi.Contender;
import io.interlock.spi.Grant;
import io.interlock.spi.LockBackend;
import io.interlock.spi.LockRequest;
import io.interlock.spi.OwnerId;
import io.interlock.tck.TckBackend;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** What the rules of §11 must catch: names. */
final class NameMutants {
    private NameMutants() {}

    static List<Mutant> all() {
        return List.of(
                Mutant.of(70, "names lower-cased", mapped(name -> name.toLowerCase(Locale.ROOT)), "11.01"),
                Mutant.of(70, "names trimmed", mapped(String::strip), "11.01"),
                Mutant.of(70, "names truncated at 64", mapped(name -> cut(name, 64)), "11.03"),
                Mutant.of(70, "names NFC-normalised", mapped(NameMutants::normalised), "11.01"),
                Mutant.of(70, "names in an old charset", mapped(NameMutants::latin), "11.01")
                        .breakingAlso("11.06"), // which looks at the replacement character
                Mutant.of(
                                71,
                                "one lock for all names, whatever they are",
                                mapped(name -> "the lock"),
                                "11.01",
                                "11.03",
                                "11.05")
                        .breakingAlso("11.06", "11.10"), // they hold several names, or look for one in the store
                Mutant.of(0, "names cut at a zero", mapped(NameMutants::beforeZero), "11.01")
                        .breakingAlso("11.05"), // one of the hostile names has a zero
                Mutant.of(0, "names are paths", mapped(NameMutants::path), "11.05")
                        .breakingAlso("11.01"), // which has a few slashes
                Mutant.of(0, "names are patterns at release", Broken.backend(() -> Patterns::new), "11.05"),
                Mutant.of(0, "long names cut", Broken.client(() -> named(name -> cut(name, 255))), "11.03"),
                Mutant.of(0, "an empty name is a name", Broken.client(() -> named(NameMutants::filled)), "11.04"),
                Mutant.of(0, "lone surrogates replaced", Broken.client(() -> named(NameMutants::whole)), "11.06"),
                Mutant.of(0, "name() is trimmed", Broken.client(() -> TrimsName::new), "11.08"),
                Mutant.of(0, "names are remembered", Broken.client(() -> Remembers::new), "11.09"),
                Mutant.of(0, "copies of names are remembered", Broken.backend(() -> RemembersCopies::new), "11.09")
                        .runningAlone(),
                Mutant.of(0, "store keys have a new version", mapped(name -> "v2:" + name), "11.10"));
    }

    private static Supplier<TckBackend> mapped(UnaryOperator<String> mapping) {
        return Broken.backend(() -> next -> new Renaming(next, mapping));
    }

    private static UnaryOperator<LockClient> named(UnaryOperator<String> mapping) {
        return next -> new ForwardingClient(next) {
            @Override
            public DistributedLock lock(String name) {
                return super.lock(name == null ? null : mapping.apply(name));
            }
        };
    }

    private static String cut(String name, int length) {
        return name.substring(0, Math.min(length, name.length()));
    }

    private static String normalised(String name) {
        return Normalizer.normalize(name, Normalizer.Form.NFC);
    }

    private static String latin(String name) {
        return new String(name.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.ISO_8859_1);
    }

    private static String beforeZero(String name) {
        int zero = name.indexOf('\0', 1);
        return zero < 0 ? name : name.substring(0, zero);
    }

    private static String path(String name) {
        return name.indexOf('\0') >= 0 ? name : Path.of(name).normalize().toString();
    }

    private static String filled(String name) {
        return name.isEmpty() ? "default" : name;
    }

    private static String whole(String name) {
        return new String(name.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    /** Maps names to keys, and not one to one. */
    private static final class Renaming extends ForwardingBackend {
        private final UnaryOperator<String> mapping;

        Renaming(LockBackend next, UnaryOperator<String> mapping) {
            super(next);
            this.mapping = mapping;
        }

        @Override
        public Contender contend(LockRequest request, Runnable wakeUp) {
            return super.contend(renamed(request), wakeUp);
        }

        @Override
        public ReleaseOutcome undo(LockRequest request, OwnerId owner) {
            return super.undo(renamed(request), owner);
        }

        @Override
        public Optional<HolderInfo> holder(String name) {
            return super.holder(mapping.apply(name));
        }

        @Override
        public boolean forceRelease(String name, long fencingToken) {
            return super.forceRelease(mapping.apply(name), fencingToken);
        }

        private LockRequest renamed(LockRequest request) {
            return new LockRequest(
                    mapping.apply(request.name()),
                    request.lease(),
                    request.waiting(),
                    request.tokens(),
                    request.holder(),
                    request.callTimeout());
        }
    }

    /** A star in the name of a released lock stands for everything that this client holds. */
    private static final class Patterns extends ForwardingBackend {
        private final Collection<Grant> held = new ConcurrentLinkedQueue<>();

        Patterns(LockBackend next) {
            super(next);
        }

        @Override
        Grant grant(Grant grant, LockRequest request) {
            held.add(grant);
            return new ForwardingGrant(grant) {
                @Override
                public ReleaseOutcome release() {
                    if (request.name().startsWith("*")) {
                        held.forEach(Grant::release);
                        return ReleaseOutcome.RELEASED;
                    }
                    held.remove(grant);
                    return super.release();
                }
            };
        }
    }

    private static final class TrimsName extends ForwardingClient {
        TrimsName(LockClient next) {
            super(next);
        }

        @Override
        DistributedLock wrap(DistributedLock lock) {
            return new ForwardingLock(lock) {
                @Override
                public String name() {
                    return super.name().strip();
                }
            };
        }
    }

    private static final class Remembers extends ForwardingClient {
        private final Collection<String> names = new ConcurrentLinkedQueue<>();

        Remembers(LockClient next) {
            super(next);
        }

        @Override
        public DistributedLock lock(String name) {
            names.add(name);
            return super.lock(name);
        }
    }

    private static final class RemembersCopies extends ForwardingBackend {
        private final Collection<String> names = new ConcurrentLinkedQueue<>();

        RemembersCopies(LockBackend next) {
            super(next);
        }

        @Override
        Grant grant(Grant grant, LockRequest request) {
            names.add("lock:" + request.name());
            return super.grant(grant, request);
        }
    }
}
