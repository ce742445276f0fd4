// SPDX-License-Identifier: Apache-2.0
package io.interlock.tck.cli;

import java.util.regex.Pattern;

/** Masks passwords in what people get to read, where no configuration is at hand that knows which settings are secret. */
public final class Secrets {
    /** Settings that may be secret, by the ends of their names. */
    private static final Pattern SETTING =
            Pattern.compile("([?&][^?&=\\s]*(?:password|secret|token)=)[^&\\s]*", Pattern.CASE_INSENSITIVE);

    /** What stands between scheme and host, up to the last @: a password may have been left without its encoding. */
    private static final Pattern USER_INFO = Pattern.compile("(?<=://|:(?!//))\\S*(?=@)");

    private Secrets() {}

    /**
     * Masks what stands where a URI has its user and password, and values of settings that sound secret.
     *
     * @param text a message, maybe with URIs in it
     * @return the text with *** in place of each
     */
    public static String masked(String text) {
        // settings first: a value may have an @, and what is masked before it must not end in its midst
        return USER_INFO.matcher(SETTING.matcher(text).replaceAll("$1***")).replaceAll("***");
    }
}
